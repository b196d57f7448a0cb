import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { AsCall, pathWith } from '../frame/calls'
import { api, askFor } from '../frame/client'
import { useSearchState } from '../frame/navigation'
import { Card, Chip, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { VirtualList } from '../frame/VirtualList'
import type { Entry } from '../home/changes'
import { AuditCheck } from './AuditCheck'

const filters = [
  ['action', 'Action'],
  ['actor', 'Who'],
  ['object', 'About (id)'],
  ['forPurpose', 'Purpose'],
] as const

/** Who did what, the latest first, and whether anybody has changed what was written. */
export function AuditTab() {
  const [search, change] = useSearchState()
  const query = {
    action: search.action,
    actor: search.actor,
    object: search.object,
    purpose: search.forPurpose,
    from: search.from ? new Date(`${search.from}T00:00:00`).toISOString() : undefined,
    to: search.to ? new Date(`${search.to}T23:59:59.999`).toISOString() : undefined,
  }
  const list = useInfiniteQuery({
    queryKey: ['audit', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<{ entries: Entry[]; next?: string | null }>(api.GET('/v1/audit', { params: { query: { ...query, limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const goOn = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const all = list.data?.pages.flatMap(page => page.entries) ?? []
  return (
    <>
      <AuditCheck />
      <div className="filters">
        {filters.map(([name, label]) => (
          <label key={name} className="field">
            <span className="label">{label}</span>
            <input className="input" value={search[name] ?? ''} onChange={event => change({ [name]: event.target.value || undefined }, true)} />
          </label>
        ))}
        {(['from', 'to'] as const).map(name => (
          <label key={name} className="field">
            <span className="label">{name === 'from' ? 'From' : 'To'}</span>
            <input className="input" type="date" value={search[name] ?? ''} onChange={event => change({ [name]: event.target.value || undefined }, true)} />
          </label>
        ))}
      </div>
      <Card flush>
        {list.error ? (
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting rows={8} />
        ) : all.length === 0 ? (
          <Empty title="No such entry">Filters ask for exactly what is typed.</Empty>
        ) : (
          <VirtualList label="Audit log" items={all} keyOf={entry => entry.hash} estimate={58} render={entry => <EntryRow entry={entry} />} onEnd={goOn} />
        )}
      </Card>
      <AsCall calls={[{ path: pathWith('/v1/audit', { ...query, limit: 100 }) }, { path: '/v1/audit/head' }]} />
    </>
  )
}

function EntryRow({ entry }: { entry: Entry }) {
  const { action, actor, objectId, objectType, at, purpose, result } = entry.record
  return (
    <article className="entry">
      <div className="row">
        <span className="small soft">
          <Time at={at} />
        </span>
        <Chip square tone={action.startsWith('decision') ? 'plain' : action.endsWith('read') ? 'accent' : 'violet'}>
          {action}
        </Chip>
        <strong className="wrap">
          <bdi>{objectId}</bdi>
        </strong>
        <span className="small soft">{objectType}</span>
        <span className="small">by {actor?.name ?? 'the grid'}</span>
        {purpose && <Chip tone="teal">for {purpose}</Chip>}
        {result && result !== 'ok' && <Chip tone="warn">{result}</Chip>}
      </div>
      <details>
        <summary className="small">
          Chain {entry.chain}, entry {entry.seq}
        </summary>
        <pre tabIndex={0} aria-label="The whole entry">
          {JSON.stringify(entry, null, 2)}
        </pre>
      </details>
    </article>
  )
}
