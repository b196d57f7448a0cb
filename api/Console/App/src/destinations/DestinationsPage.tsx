import { useQuery } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go } from '../frame/navigation'
import { Card, Chip, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { type Destination, destinationPath, Freshness, Status, waitingText, words } from './parts'

export const readDestinations = () => ask(api.GET('/v1/destinations'))

/** Where changes are sent, and whether each gets them in time. */
export default function DestinationsPage() {
  const { data, error, refetch } = useQuery({ queryKey: ['destinations'], queryFn: readDestinations, refetchInterval: 5_000 })
  return (
    <>
      <PageHead
        title="Destinations"
        about="Where changes are sent. Consent and the fields that each may hold are asked when something is sent."
        end={
          <Go to="/policies/destinations" className="button">
            Edit the file
          </Go>
        }
      />
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      {!data ? (
        !error && <Waiting rows={6} />
      ) : (
        <Card flush>
          {data.destinations.length === 0 ? (
            <Empty title="Nothing is sent anywhere">
              Name a receiver in the policy <Go to="/policies/destinations">destinations</Go>.
            </Empty>
          ) : (
            <div className="table-box" tabIndex={0} role="region" aria-label="Destinations">
              <table className="words">
                <thead>
                  <tr>
                    <th scope="col">Destination</th>
                    <th scope="col">Stands</th>
                    <th scope="col" className="right">
                      Waiting
                    </th>
                    <th scope="col" className="right wide-only">
                      Sent
                    </th>
                    <th scope="col" className="right wide-only">
                      Withheld
                    </th>
                    <th scope="col" className="right">
                      Failed
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.destinations.map(one => (
                    <Row key={one.name} destination={one} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      )}
      <AsCall calls={[{ path: '/v1/destinations' }]} />
    </>
  )
}

const Row = ({ destination: one }: { destination: Destination }) => (
  <tr>
    <td>
      <Go to={destinationPath(one.name)}>
        <strong>{one.name}</strong>
      </Go>
      <div className="small soft">
        {one.kind}, of <bdi>{one.team}</bdi>, for {one.purpose}
      </div>
    </td>
    <td>
      <Status destination={one} />
      {one.reason && <div className="small soft">{words(one.reason)}</div>}
      <Freshness destination={one} />
      {one.oldestAt && (
        <div className="small soft">
          oldest <Time at={one.oldestAt} relative />
        </div>
      )}
    </td>
    <td className="right number">{waitingText(one.waiting)}</td>
    <td className="right number wide-only">{one.sent.toLocaleString()}</td>
    <td className="right number wide-only">{one.withheld.toLocaleString()}</td>
    <td className="right number">{one.failed > 0 ? <Chip tone="bad">{one.failed.toLocaleString()}</Chip> : 0}</td>
  </tr>
)
