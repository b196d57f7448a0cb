import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { AsCall } from '../frame/calls'
import { Go } from '../frame/navigation'
import { Card, Chip, Empty, Notice, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { isAdmin, mayDo, mayRead, useSession } from '../frame/session'
import { Time } from '../frame/values'
import { LastSent } from '../sources/LastSent'
import { type Entry, readChanges } from './changes'
import { readCluster, type Rate, useRate } from './cluster'
import { queues, type Queue } from './queues'

/** How the grid stands, and what waits for somebody. */
export default function HomePage() {
  const { caller } = useSession()
  const mine = queues.filter(queue => queue.may(caller))
  return (
    <>
      <PageHead title="Home" about="How the grid stands now, and what waits for somebody." />
      {isAdmin(caller) && <Stand />}
      {mine.length > 0 && (
        <section className="stack tight" aria-labelledby="queues">
          <h2 id="queues">What waits</h2>
          <div className="tiles">
            {mine.map(queue => (
              <QueueTile key={queue.name} queue={queue} />
            ))}
          </div>
        </section>
      )}
      {isAdmin(caller) ? (
        <div className="columns">
          <Changes />
          <LastSent title="Sources" />
        </div>
      ) : (
        <Welcome />
      )}
      {isAdmin(caller) && (
        <AsCall calls={[{ path: '/v1/cluster' }, ...mine.map(queue => ({ path: queue.path })), { path: '/v1/sources' }, { path: '/v1/audit?limit=200' }]} />
      )}
    </>
  )
}

/** For whoever has no view of the whole. */
function Welcome() {
  const { caller } = useSession()
  return (
    <Card>
      {mayRead(caller) ? (
        <p>
          <Go to="/find">Find a customer or an account</Go>
          {mayDo(caller, 'leads') && (
            <>
              {' '}
              or see the <Go to="/leads">leads</Go>
            </>
          )}
          . What you see is what your role may see for the purpose at the top of the page.
        </p>
      ) : (
        <p>This key may only send events. To see something, sign in with a key that may read.</p>
      )}
    </Card>
  )
}

function Stand() {
  const { data: cluster, error, refetch } = useQuery({ queryKey: ['cluster'], queryFn: readCluster, refetchInterval: 5_000 })
  const rate = useRate(cluster)
  if (error && !cluster) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!cluster) return <Waiting rows={3} />
  const answering = cluster.partitions.filter(one => one.answers).length
  const waiting = cluster.partitions.reduce((sum, one) => sum + (one.waiting ?? 0) + (one.recovering ?? 0), 0)
  const isEmpty = cluster.partitions.every(one => (one.nextPosition ?? 0) <= 1)
  return (
    <section className="stack tight" aria-label="The grid">
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      {isEmpty && (
        <Notice kind="good" title="The grid is empty" end={<Go to="/start" className="button primary">Send a first event</Go>}>
          Make a key, put a snippet into your site or server, and see what it sends arrive here.
        </Notice>
      )}
      {answering < cluster.partitions.length && (
        <Notice kind="bad" title={`${cluster.partitions.length - answering} of ${cluster.partitions.length} partitions do not answer`}>
          What was accepted is not lost; it is applied when they are back. <Go to="/cluster">See which</Go>
        </Notice>
      )}
      <div className="tiles">
        <Tile to="/cluster" label="Messages a second" value={rateText(rate)} about="taken in, over the last seconds" />
        <Tile to="/cluster" label="Lag" value={String(waiting)} about={waiting === 0 ? 'all that was accepted is applied' : 'messages accepted and not yet applied'} />
        <Tile to="/cluster" label="Messages in the log" value={total(cluster).toLocaleString()} about={`in ${cluster.partitions.length} partitions`} />
        <Tile
          to="/cluster"
          label="Silos"
          value={String(cluster.silos.length)}
          about={`${cluster.silos.reduce((sum, silo) => sum + Object.values(silo.activations ?? {}).reduce((all, one) => all + Number(one), 0), 0).toLocaleString()} grains awake`}
        />
      </div>
    </section>
  )
}

const total = (cluster: Awaited<ReturnType<typeof readCluster>>) =>
  cluster.partitions.reduce((sum, one) => sum + Math.max(0, (one.nextPosition ?? 1) - 1), 0)

const rateText = (rate: Rate) => (rate.perSecond === null ? '…' : rate.perSecond < 10 ? rate.perSecond.toFixed(1) : Math.round(rate.perSecond).toLocaleString())

interface TileProps {
  to: string
  label: string
  value: ReactNode
  about: ReactNode
  tone?: 'warn' | 'bad'
}

const Tile = ({ to, label, value, about, tone }: TileProps) => (
  <Go to={to} className="card tile">
    <span className="soft">{label}</span>
    <strong>{value}</strong>
    <span className="small soft">{tone ? <Chip tone={tone}>{about}</Chip> : about}</span>
  </Go>
)

function QueueTile({ queue }: { queue: Queue }) {
  const { data, error } = useQuery({ queryKey: ['queue', queue.name], queryFn: queue.read, refetchInterval: 15_000 })
  const value = error ? '–' : data ? `${data.count}${data.isMore ? '+' : ''}` : '…'
  const about = error ? 'not to be had now' : !data ? 'reading' : data.oldest ? <>oldest <Time at={data.oldest} relative /></> : (data.note ?? queue.about)
  return <Tile to={queue.to} label={queue.name} value={value} about={about} tone={data?.isLate ? 'bad' : undefined} />
}

function Changes() {
  const { data, error, refetch } = useQuery({ queryKey: ['changes'], queryFn: readChanges, refetchInterval: 30_000 })
  return (
    <Card title="What changed today" end={<Go to="/privacy" search={{ tab: 'audit' }}>All of the audit log</Go>} flush>
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting />
      ) : data.length === 0 ? (
        <Empty title="Nothing but reading today" />
      ) : (
        <ul className="list padded">
          {data.map(entry => (
            <ChangeRow key={entry.hash} entry={entry} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const ChangeRow = ({ entry }: { entry: Entry }) => (
  <li>
    <span className="soft small">
      <Time at={entry.record.at} />
    </span>
    <Chip square>{entry.record.action}</Chip>
    <span className="wrap">
      <bdi>{entry.record.objectId}</bdi> <span className="soft small">by {entry.record.actor?.name ?? 'the grid'}</span>
    </span>
  </li>
)

