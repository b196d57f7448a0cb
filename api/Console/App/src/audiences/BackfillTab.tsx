import { useQueryClient } from '@tanstack/react-query'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { type Job, JobState, useJobs } from '../frame/jobs'
import { Card, Empty, ProblemNotice, Waiting } from '../frame/parts'

interface Result {
  customers: number
  changes: number
}

/** Has every customer decide by what is in force. A changed policy begins it by itself. */
export function BackfillTab() {
  const queries = useQueryClient()
  const jobs = useJobs()
  const backfills = jobs.data?.jobs.filter(job => job.kind === 'audienceBackfill') ?? []
  const begin = async () => {
    await ask(api.POST('/v1/audiences:backfill'))
    await queries.invalidateQueries({ queryKey: ['jobs'] })
  }
  return (
    <>
      <Card
        title="Deciding every customer by the file in force"
        end={
          <ActionDialog label="Begin now" title="Have every customer decide" confirm="Begin" onConfirm={begin}>
            <p>A customer that has decided by this file changes nothing, so it can be begun at any time, and again after it was cancelled.</p>
          </ActionDialog>
        }
        flush
      >
        {jobs.error ? (
          <ProblemNotice error={jobs.error} retry={() => void jobs.refetch()} />
        ) : jobs.isPending ? (
          <Waiting />
        ) : backfills.length === 0 ? (
          <Empty title="None has run yet">It begins by itself when other audiences are put in force.</Empty>
        ) : (
          <ol aria-label="Backfills, the latest first">
            {backfills.map(job => (
              <Backfill key={job.id} job={job} />
            ))}
          </ol>
        )}
      </Card>
      <AsCall calls={[{ method: 'POST', path: '/v1/audiences:backfill' }, { path: '/v1/jobs' }]} />
    </>
  )
}

function Backfill({ job }: { job: Job }) {
  const result = job.result as Result | null | undefined
  return (
    <li className="entry">
      <JobState job={job} name="backfill" lost="What it decided stays. The others decide with their next message, or when it is begun again.">
        {result && (
          <span>
            {result.customers.toLocaleString()} customers decided anew, {result.changes.toLocaleString()} entered or left.
          </span>
        )}
      </JobState>
    </li>
  )
}
