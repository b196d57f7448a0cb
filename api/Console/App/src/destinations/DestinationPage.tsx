import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { duration } from '../audiences/parts'
import { AsCall, pathWith } from '../frame/calls'
import { Go, usePathPart, useSearchState } from '../frame/navigation'
import { Chip, Notice, PageHead, ProblemNotice, ProblemPage, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Time } from '../frame/values'
import { Deliveries } from './Deliveries'
import { DestinationActions } from './DestinationActions'
import { readDestinations } from './DestinationsPage'
import { filterOf } from './filter'
import { type Destination, destinationPath, Freshness, Status, waitingText, words } from './parts'

/** One destination: how it stands, what became of deliveries, and what an operator can do. */
export default function DestinationPage() {
  const name = usePathPart('name')
  const [search] = useSearchState()
  const { data, error, refetch } = useQuery({ queryKey: ['destinations'], queryFn: readDestinations, refetchInterval: 5_000 })
  if (!data) return error ? <ProblemPage title={name} error={error} retry={() => void refetch()} /> : <Waiting rows={8} />
  const one = data.destinations.find(destination => destination.name === name)
  if (!one) return <ProblemPage title={name} error={new Problem(404, 'not_found', 'The file has no destination of this name.')} retry={() => void refetch()} />
  const path = `/v1/destinations/${encodeURIComponent(name)}`
  return (
    <>
      <PageHead
        title={<bdi>{name}</bdi>}
        about={
          <span className="row">
            <Status destination={one} />
            <span>
              {one.kind}, of <bdi>{one.team}</bdi>
            </span>
            <Chip tone="violet">For {one.purpose}</Chip>
            <Go to="/destinations">All destinations</Go>
          </span>
        }
        end={<DestinationActions destination={one} />}
      />
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      <Standing destination={one} />
      <div className="tiles">
        <Tile name={name} outcome="waiting" label="Waiting" value={waitingText(one.waiting)}>
          {one.oldestAt ? (
            <>
              oldest <Time at={one.oldestAt} relative />
            </>
          ) : (
            'all was delivered'
          )}
        </Tile>
        <Tile name={name} outcome="sent" label="Sent" value={one.sent.toLocaleString()}>
          of what is kept
        </Tile>
        <Tile name={name} outcome="withheld" label="Withheld" value={one.withheld.toLocaleString()}>
          by consent, access or its rules
        </Tile>
        <Tile name={name} outcome="failed" label="Dead letters" value={one.failed.toLocaleString()}>
          {one.failed > 0 ? 'given up; can be replayed' : 'nothing was given up'}
        </Tile>
        <div className="card tile">
          <span className="soft">Freshness</span>
          <strong>{duration(one.freshnessSeconds)}</strong>
          <span className="small soft">
            <Freshness destination={one} />
          </span>
        </div>
      </div>
      <p className="soft small wrap">It is told: {one.effects.join(', ')}. Withdrawals of consent and erasures as well, of whoever it was sent.</p>
      <Deliveries name={name} />
      <AsCall
        calls={[
          { path: '/v1/destinations' },
          { path: pathWith(`${path}/deliveries`, { ...filterOf(search), limit: 50 }) },
          { method: 'POST', path: pathWith(`${path}:replay`, filterOf(search)) },
        ]}
      />
    </>
  )
}

function Standing({ destination: one }: { destination: Destination }) {
  if (one.status !== 'running')
    return (
      <Notice kind={one.status === 'disabled' ? 'bad' : 'warn'} title={one.status === 'disabled' ? 'It is disabled' : 'It is paused'}>
        {one.reason && `${words(one.reason)}, `}
        {one.since && (
          <>
            since <Time at={one.since} />
          </>
        )}
        {one.by && ` by ${one.by}`}. What waits is kept.
      </Notice>
    )
  if (one.isOpen)
    return (
      <Notice kind="bad" title="Its receiver fails">
        Half of the last tries failed, so nothing but a probe is sent
        {one.nextAt && (
          <>
            ; the next <Time at={one.nextAt} relative />
          </>
        )}
        .
      </Notice>
    )
  return null
}

interface TileProps {
  name: string
  outcome: string
  label: string
  value: string
  children: ReactNode
}

const Tile = ({ name, outcome, label, value, children }: TileProps) => (
  <Go to={destinationPath(name)} search={{ outcome }} className="card tile">
    <span className="soft">{label}</span>
    <strong>{value}</strong>
    <span className="small soft">{children}</span>
  </Go>
)
