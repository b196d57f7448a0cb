import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { type Job, JobState, useJob, useJobs } from '../frame/jobs'
import { Go, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

type End = components['schemas']['BackTestEndAnswer']

/** What a back test came to: counts, and what each person would have had. */
interface Result {
  leads: number
  differences: number
  people: { person: string; before: number; after: number }[]
}

/** Who would have got the leads of the last days under other rules. Nobody's lead is moved. */
export function BackTestTab() {
  const [search, change] = useSearchState()
  const jobs = useJobs()
  const tests = jobs.data?.jobs.filter(job => job.kind === 'backTest') ?? []
  const chosen = search.job ?? tests[0]?.id
  return (
    <>
      <Begin onBegun={id => change({ job: id })} />
      {jobs.error && <ProblemNotice error={jobs.error} retry={() => void jobs.refetch()} />}
      {tests.length > 1 && (
        <ul className="row" aria-label="Back tests">
          {tests.map(job => (
            <li key={job.id}>
              <Button kind={job.id === chosen ? 'primary' : 'quiet'} onPress={() => change({ job: job.id })}>
                <Time at={job.startedAt} />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen ? <BackTest key={chosen} id={chosen} /> : jobs.isPending ? <Waiting /> : null}
      <AsCall
        calls={[
          { method: 'POST', path: '/v1/routing:backtest', body: { policy: '…', days: 30 } },
          ...(chosen ? [{ path: `/v1/jobs/${chosen}` }, { path: `/v1/routing/backtests/${chosen}/differences` }] : []),
        ]}
      />
    </>
  )
}

function Begin({ onBegun }: { onBegun: (id: string) => void }) {
  const queries = useQueryClient()
  const [text, setText] = useState<string | null>(null)
  const [days, setDays] = useState('30')
  const [error, setError] = useState<Error | null>(null)
  const inForce = useQuery({
    queryKey: ['policy', 'routing'],
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind: 'routing' } } })),
  })
  const file = text ?? (typeof inForce.data === 'object' ? inForce.data.yaml : '')
  const begin = async () => {
    try {
      const job = (await ask(api.POST('/v1/routing:backtest', { body: { policy: file, days: Number(days) } as never }))) as Job
      setError(null)
      await queries.invalidateQueries({ queryKey: ['jobs'] })
      onBegun(job.id)
    } catch (problem) {
      setError(problem as Error)
    }
  }
  return (
    <Card title="Other rules" end={<Go to="/policies/routing">The rules in force</Go>}>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          void begin()
        }}
      >
        <TextInput label="routing.yaml, as it would be" rows={10} value={file} onChange={setText} />
        <div className="row" style={{ alignItems: 'end' }}>
          <TextInput label="Days back" value={days} onChange={setDays} inputMode="numeric" />
          <Button type="submit" kind="primary" isDisabled={file === '' || !/^\d{1,3}$/.test(days)}>
            Begin
          </Button>
        </div>
        {error && <ProblemNotice error={error} />}
      </form>
    </Card>
  )
}

function BackTest({ id }: { id: string }) {
  const { data: job, error, refetch } = useJob(id)
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!job) return <Waiting />
  const result = job.result as Result | null | undefined
  return (
    <>
      <JobState job={job} name="back test" lost="What it found so far is lost.">
        {result && (
          <strong>
            {result.differences.toLocaleString()} of {result.leads.toLocaleString()} leads would go elsewhere, or by another rule.
          </strong>
        )}
      </JobState>
      {job.status === 'done' && result && (
        <div className="columns">
          <Differences id={id} />
          <Loads people={result.people} />
        </div>
      )}
    </>
  )
}

function Differences({ id }: { id: string }) {
  const list = useInfiniteQuery({
    queryKey: ['backtest', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/routing/backtests/{jobId}/differences', { params: { path: { jobId: id }, query: { limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = list.data?.pages.flatMap(page => page.differences) ?? []
  if (list.error) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <Waiting />
  return (
    <Card title="What would be otherwise" flush>
      {rows.length === 0 ? (
        <Empty title="Each lead would go where it went, by the same rule" />
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Differences">
          <table>
            <thead>
              <tr>
                <th scope="col">Lead</th>
                <th scope="col">Decided</th>
                <th scope="col">Went to</th>
                <th scope="col">Would go to</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={`${row.leadId} ${row.at}`}>
                  <td>
                    <Go to={`/leads/${row.leadId}`}>
                      <code>{row.leadId.slice(0, 10)}…</code>
                    </Go>
                  </td>
                  <td>
                    <Time at={row.at} />
                  </td>
                  <td>
                    <Place end={row.before} />
                  </td>
                  <td>
                    <Place end={row.after} isOther={placeOf(row.before) !== placeOf(row.after)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <div className="row padded">
          <Button onPress={() => void list.fetchNextPage()}>Show more differences</Button>
        </div>
      )}
    </Card>
  )
}

const placeOf = (end: End) => end.person ?? (end.queue ? `queue ${end.queue}` : 'nobody')

const Place = ({ end, isOther }: { end: End; isOther?: boolean }) => (
  <>
    {isOther ? <Chip tone="accent">{placeOf(end)}</Chip> : <bdi>{placeOf(end)}</bdi>} <span className="small soft">{end.rule && `by ${end.rule}`}</span>
  </>
)

const Loads = ({ people }: { people: Result['people'] }) => (
  <Card title="Leads of each person" flush>
    {people.length === 0 ? (
      <Empty title="Nobody had one of them" />
    ) : (
      <div className="table-box" tabIndex={0} role="region" aria-label="Leads of each person">
        <table>
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col" className="right">
                Had
              </th>
              <th scope="col" className="right">
                Would have
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map(one => (
              <tr key={one.person}>
                <td>
                  <bdi>{one.person}</bdi>
                </td>
                <td className="right number">{one.before}</td>
                <td className="right number">{one.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Card>
)
