import { useQuery } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Card, Empty, ProblemNotice, Waiting } from '../frame/parts'

/** What each person of a pool should have got by their weight, what they got, and what the pool owes them. */
export function FairnessTab() {
  const { data, error, refetch } = useQuery({ queryKey: ['fairness'], queryFn: () => ask(api.GET('/v1/routing/fairness')) })
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  return (
    <>
      {data.pools.length === 0 && <Empty title="The routing policy has no pool" />}
      {data.pools.map(pool => (
        <Card key={pool.pool} title={pool.pool} end={<span className="soft small">{pool.turns} turns, {pool.returned} given back</span>} flush>
          {pool.people.length === 0 ? (
            <Empty title="Nobody of the pool has had a turn" />
          ) : (
            <div className="table-box" tabIndex={0} role="region" aria-label={`Fairness of ${pool.pool}`}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Person</th>
                    <th scope="col" className="right">
                      Should have got
                    </th>
                    <th scope="col" className="right">
                      Got
                    </th>
                    <th scope="col" className="right">
                      Is owed
                    </th>
                    <th scope="col" className="wide-only">
                      Share
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {pool.people.map(one => (
                    <tr key={one.person}>
                      <td>{one.person}</td>
                      <td className="right number">{one.expected.toFixed(2)}</td>
                      <td className="right number">{one.got}</td>
                      <td className="right number">{one.owed > 0 ? `+${one.owed.toFixed(2)}` : one.owed.toFixed(2)}</td>
                      <td className="wide-only">
                        <div className="bar" aria-hidden="true">
                          <span style={{ width: `${pool.turns > 0 ? (100 * one.got) / pool.turns : 0}%` }} />
                        </div>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      ))}
      <AsCall calls={[{ path: '/v1/routing/fairness' }]} />
    </>
  )
}
