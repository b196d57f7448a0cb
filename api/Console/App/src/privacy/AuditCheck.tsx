import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall, CopyButton } from '../frame/calls'
import { api, ask } from '../frame/client'
import { type Job, JobState } from '../frame/jobs'
import { Card, Notice, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { isMissing } from '../frame/problem'
import { isAdmin, useSession } from '../frame/session'

interface Report {
  isWhole: boolean
  records: number
  root: string
  isComparedWithHead: boolean
  breaks: { chain: number; record: number; kind: string }[]
}

/** Whether the chains of the audit log are as they were written, when that was last looked at. */
export function AuditCheck() {
  const { caller } = useSession()
  const queries = useQueryClient()
  const [head, setHead] = useState('')
  const last = useQuery({
    queryKey: ['audit-check'],
    queryFn: () => ask(api.GET('/v1/audit/verification', {})) as Promise<Job>,
    retry: (count, error) => !isMissing(error) && count < 2,
    refetchInterval: query => (query.state.data?.status === 'running' ? 1_000 : false),
  })
  const begin = async () => {
    await ask(api.POST('/v1/audit:verify', { body: { head: head.trim() === '' ? null : `${head.trim()}\n` } }))
    setHead('')
    await queries.invalidateQueries({ queryKey: ['audit-check'] })
  }
  const report = last.data?.status === 'done' ? (last.data.result as unknown as Report) : undefined
  const end = isAdmin(caller) && (
    <ActionDialog label="Check the log" title="Check every record" confirm="Check it" onConfirm={begin}>
      <p>Each record is a link of a chain of hashes. Whoever holds the database could write the whole log anew: give a head that you kept elsewhere, and that shows, too.</p>
      <TextInput label="A head that was kept elsewhere (not needed)" rows={4} value={head} onChange={setHead} />
    </ActionDialog>
  )
  return (
    <Card title="Is the log as it was written?" end={end}>
      {last.isPending ? (
        <Waiting rows={1} />
      ) : isMissing(last.error) ? (
        <p className="soft">Nobody has checked it here yet.</p>
      ) : last.error ? (
        <ProblemNotice error={last.error} retry={() => void last.refetch()} />
      ) : (
        <JobState job={last.data} name="check of the audit log" lost="What was checked so far is lost. Check again at any time." />
      )}
      {report?.isWhole && (
        <Notice kind="good" title={`All ${report.records.toLocaleString()} records are as they were written`} end={<CopyButton text={report.root} label="Copy its root" />}>
          {report.isComparedWithHead ? 'It begins with what the given head was taken of.' : 'It was compared with no head that was kept elsewhere.'}
        </Notice>
      )}
      {report && !report.isWhole && (
        <Notice kind="bad" title="The log is not as it was written">
          <ul>
            {report.breaks.map(one => (
              <li key={one.chain}>
                Chain {one.chain}, record {one.record}: {one.kind}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <AsCall calls={[{ method: 'POST', path: '/v1/audit:verify', body: { head: null } }, { path: '/v1/audit/verification' }]} />
    </Card>
  )
}
