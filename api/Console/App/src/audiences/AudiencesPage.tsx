import { useQuery } from '@tanstack/react-query'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, TabLinks, useSearchState } from '../frame/navigation'
import { Card, Chip, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { BackfillTab } from './BackfillTab'
import { DefinitionsTab } from './DefinitionsTab'
import { audiencePath, duration } from './parts'

export type Audience = components['schemas']['AudienceAnswer']

const everyone = [['all', 'All']] as const
const administrators = [...everyone, ['definitions', 'Definitions'], ['backfill', 'Backfill']] as const

/** The audiences that there are, how large each is, and what other definitions would make of them. */
export default function AudiencesPage() {
  const { caller } = useSession()
  const [search] = useSearchState()
  const tabs = isAdmin(caller) ? administrators : everyone
  const tab = tabs.find(([name]) => name === search.tab)?.[0] ?? 'all'
  return (
    <>
      <PageHead
        title="Audiences"
        about="Who is in which audience is decided when something happens that it asks for, and when a window runs out."
        end={
          isAdmin(caller) && (
            <Go to="/audiences" search={{ tab: 'definitions', new: '1' }} className="button">
              New audience
            </Go>
          )
        }
      />
      {tabs.length > 1 && <TabLinks label="Audiences" tabs={tabs} current={tab} />}
      {tab === 'all' && <AllAudiences />}
      {tab === 'definitions' && <DefinitionsTab />}
      {tab === 'backfill' && <BackfillTab />}
    </>
  )
}

function AllAudiences() {
  const { caller } = useSession()
  const { data, error, refetch } = useQuery({
    queryKey: ['audiences'],
    queryFn: () => ask(api.GET('/v1/audiences')),
    refetchInterval: 10_000,
  })
  if (error && !data) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={6} />
  return (
    <>
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      <Card flush>
        {data.audiences.length === 0 ? (
          <Empty title="There is no audience yet">
            {isAdmin(caller) ? (
              <Go to="/audiences" search={{ tab: 'definitions', new: '1' }}>
                Make the first
              </Go>
            ) : (
              <>
                They are defined in the policy <code>audiences</code>.
              </>
            )}
          </Empty>
        ) : (
          <div className="table-box" tabIndex={0} role="region" aria-label="Audiences">
            <table className="words">
              <thead>
                <tr>
                  <th scope="col">Audience</th>
                  <th scope="col" className="right">
                    Members
                  </th>
                  <th scope="col">Owner</th>
                  <th scope="col">Purpose</th>
                  <th scope="col" className="wide-only">
                    Known within
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.audiences.map(one => (
                  <Row key={one.name} audience={one} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {data.traits.length > 0 && (
        <p className="soft wrap">
          Traits that the same file works out of events: {data.traits.join(', ')}.
        </p>
      )}
      <AsCall calls={[{ path: '/v1/audiences' }]} />
    </>
  )
}

const Row = ({ audience }: { audience: Audience }) => (
  <tr>
    <td>
      <Go to={audiencePath(audience.name)}>
        <strong>{audience.name}</strong>
      </Go>
      {audience.description && <div className="small soft">{audience.description}</div>}
    </td>
    <td className="right number">
      {audience.members.toLocaleString()}
      {audience.heldOut > 0 && <div className="small soft">{audience.heldOut.toLocaleString()} held out</div>}
    </td>
    <td>
      <bdi>{audience.owner.team}</bdi>
      <div className="small soft">
        <bdi>{audience.owner.contact}</bdi>
      </div>
    </td>
    <td>
      <Chip tone="violet">{audience.purpose}</Chip>
    </td>
    <td className="wide-only">{duration(audience.freshnessSeconds)}</td>
  </tr>
)
