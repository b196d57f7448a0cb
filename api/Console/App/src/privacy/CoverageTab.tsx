import { useQuery, useQueryClient } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { type Job, JobState } from '../frame/jobs'
import { Button, Card, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { isMissing } from '../frame/problem'

interface Coverage {
  customers: number
  restricted: number
  purposes: { purpose: string; region: string | null; granted: number; denied: number; unknown: number; allowed: number }[]
}

/** How many people say what to each purpose, by region, when it was last counted. */
export function CoverageTab() {
  const queries = useQueryClient()
  const last = useQuery({
    queryKey: ['consent-coverage'],
    queryFn: () => ask(api.GET('/v1/consent/coverage')) as Promise<Job>,
    retry: (count, error) => !isMissing(error) && count < 2,
    refetchInterval: query => (query.state.data?.status === 'running' ? 1_000 : false),
  })
  const begin = async () => {
    await ask(api.POST('/v1/consent:coverage'))
    await queries.invalidateQueries({ queryKey: ['consent-coverage'] })
  }
  const none = isMissing(last.error)
  const coverage = last.data?.status === 'done' ? (last.data.result as unknown as Coverage) : undefined
  const hasRegions = coverage?.purposes.some(one => one.region !== null)
  return (
    <>
      <Card title="Consent by purpose and region" end={<Button onPress={() => void begin()} isDisabled={last.data?.status === 'running'}>Count anew</Button>} flush={!!coverage}>
        {last.isPending ? (
          <Waiting />
        ) : none ? (
          <Empty title="Nobody has counted yet">Counting reads every stored customer once, at the pace of a job.</Empty>
        ) : last.error ? (
          <ProblemNotice error={last.error} retry={() => void last.refetch()} />
        ) : (
          <>
            <div className="padded">
              <JobState job={last.data} name="count of consent" lost="What was counted so far is lost. Count again at any time." />
            </div>
            {coverage && (
              <div className="table-box" tabIndex={0} role="region" aria-label="Consent by purpose and region">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Purpose</th>
                      {hasRegions && <th scope="col">Region</th>}
                      <th scope="col">Yes</th>
                      <th scope="col">No</th>
                      <th scope="col">Nothing said</th>
                      <th scope="col">May be used now</th>
                      <th scope="col" className="wide-only">
                        Share
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {coverage.purposes.map(one => {
                      const all = one.granted + one.denied + one.unknown
                      return (
                        <tr key={`${one.purpose} ${one.region}`}>
                          <th scope="row">{one.purpose}</th>
                          {hasRegions && <td>{one.region === '*' ? 'several' : one.region}</td>}
                          <td>
                            {one.granted.toLocaleString()}
                          </td>
                          <td>
                            {one.denied.toLocaleString()}
                          </td>
                          <td>
                            {one.unknown.toLocaleString()}
                          </td>
                          <td>
                            {one.allowed.toLocaleString()}
                          </td>
                          <td className="wide-only">
                            <progress value={one.allowed} max={Math.max(all, 1)} aria-label={`${one.purpose} ${one.region ?? ''}: may be used`} />
                          </td>
                        </tr>
                      )
                    })}
                  </tbody>
                </table>
                <p className="small soft padded">
                  {coverage.customers.toLocaleString()} customers, of whom {coverage.restricted.toLocaleString()} are restricted: their data is kept and not used.
                </p>
              </div>
            )}
          </>
        )}
      </Card>
      <AsCall calls={[{ method: 'POST', path: '/v1/consent:coverage' }, { path: '/v1/consent/coverage' }]} />
    </>
  )
}
