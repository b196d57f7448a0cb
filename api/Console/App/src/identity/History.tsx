import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { api, askFor } from '../frame/client'
import { Card, Chip, Empty, TextInput, type Tone } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { VirtualList } from '../frame/VirtualList'
import { Time } from '../frame/values'
import type { HistoryEntry } from './types'

const tones: Record<string, Tone> = { created: 'good', merged: 'warn', split: 'violet', undone: 'violet', separated: 'violet' }

/** The decisions that made this customer, the latest first. */
export function History({ history }: { history: HistoryEntry[] }) {
  const { caller } = useSession()
  const undone = new Set(history.flatMap(entry => entry.undoneMergeId ?? []))
  const latest = history.map((entry, index) => ({ entry, index })).reverse()
  return (
    <Card title={`History (${history.length})`} flush>
      {history.length === 0 ? (
        <Empty title="No decision is known" />
      ) : (
        <VirtualList
          label="Decisions, latest first"
          items={latest}
          keyOf={({ entry, index }) => `${entry.id} ${index}`}
          estimate={96}
          render={({ entry }) => (
            <div className="decision">
              <div className="row">
                <Chip tone={tones[entry.kind] ?? 'plain'}>{entry.kind}</Chip>
                <span className="small soft">
                  <Time at={entry.at} /> {entry.source && `from ${entry.source}`} {entry.by && `by ${entry.by}`}
                </span>
              </div>
              <p className="wrap">{entry.because}</p>
              {entry.reason && (
                <p className="small wrap">
                  Reason: <bdi>{entry.reason}</bdi>
                </p>
              )}
              {entry.identifiers && (
                <p className="small soft wrap">
                  <bdi>{entry.identifiers.join(', ')}</bdi>
                </p>
              )}
              {entry.kind === 'merged' && entry.mergeId && isAdmin(caller) && !undone.has(entry.mergeId) && (
                <UndoMerge mergeId={entry.mergeId} other={entry.otherCustomerId} identifiers={entry.identifiers ?? []} />
              )}
            </div>
          )}
        />
      )}
    </Card>
  )
}

function UndoMerge({ mergeId, other, identifiers }: { mergeId: string; other?: string; identifiers: string[] }) {
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const undo = async () => {
    await askFor(api.POST('/v1/merges/{mergeId}:undo', { params: { path: { mergeId } }, body: { reason: reason.trim() } as never }))
    setReason('')
    await queries.invalidateQueries({ queryKey: ['customer'] })
  }
  return (
    <ActionDialog label="Undo this merge" title="Take the merge back" confirm="Undo" kind="danger" isReady={reason.trim() !== ''} onConfirm={undo}>
      <p>
        The customer <code>{other}</code> is itself again, with {identifiers.length} identifiers and what was linked since by messages of theirs.
      </p>
      <p className="soft wrap">
        <bdi>{identifiers.join(', ')}</bdi>
      </p>
      <TextInput label="Reason" value={reason} onChange={setReason} help="It is shown to whoever asks why. Do not name a person." isRequired />
    </ActionDialog>
  )
}
