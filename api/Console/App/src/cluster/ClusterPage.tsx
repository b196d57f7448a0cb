import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ActionDialog } from '../frame/ActionDialog'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { type Job, JobState, useJobs } from '../frame/jobs'
import { Card, Chip, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { useSession } from '../frame/session'
import { Time } from '../frame/values'
import { readCluster } from '../home/cluster'

type Silo = components['schemas']['SiloAnswer']
type Partition = components['schemas']['PartitionAnswer']

/** The machines, what lives on them, how far the log is applied, and the work that runs over the whole grid. */
export default function ClusterPage() {
  const { answer } = useSession()
  const { data, error, refetch } = useQuery({ queryKey: ['cluster'], queryFn: readCluster, refetchInterval: 5_000 })
  return (
    <>
      <PageHead
        title="Cluster"
        about="Silos, what is awake on them, and how far each partition of the log is applied."
        end={
          answer.dashboard && (
            <a className="button" href={answer.dashboard}>
              Orleans’ dashboard
            </a>
          )
        }
      />
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting rows={6} />}
      {data && (
        <>
          <div className="columns even">
            {data.silos.map(silo => (
              <SiloCard key={silo.name} silo={silo} />
            ))}
          </div>
          <Partitions partitions={data.partitions} />
        </>
      )}
      <Jobs />
      <AsCall calls={[{ path: '/v1/cluster' }, { path: '/v1/jobs' }, { path: '/metrics' }]} />
    </>
  )
}

function SiloCard({ silo }: { silo: Silo }) {
  const kinds = Object.entries(silo.activations ?? {}).sort(([, one], [, other]) => other - one)
  const most = kinds[0]?.[1] ?? 1
  return (
    <Card title={silo.name} end={<Chip tone={silo.status === 'active' ? 'good' : 'warn'}>{silo.status}</Chip>}>
      <p className="small soft wrap">
        {silo.address}, since <Time at={silo.since} />, version <code>{silo.version ?? 'not told'}</code>
      </p>
      {silo.activations === null ? (
        <p className="soft">It does not answer what is awake on it.</p>
      ) : (
        <ul className="list">
          {kinds.map(([kind, count]) => (
            <li key={kind} className="counter">
              <span>{kind}</span>
              <span className="bar" aria-hidden="true">
                <span style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <span className="number">{count.toLocaleString()}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const Partitions = ({ partitions }: { partitions: Partition[] }) => (
  <Card title={`Partitions (${partitions.length})`} flush>
    <div className="table-box" tabIndex={0} role="region" aria-label="Partitions">
      <table>
        <thead>
          <tr>
            <th scope="col" className="right">
              Partition
            </th>
            <th scope="col">Silo</th>
            <th scope="col">Answers</th>
            <th scope="col" className="right">
              Applied
            </th>
            <th scope="col" className="right">
              Next
            </th>
            <th scope="col" className="right">
              Waiting
            </th>
            <th scope="col" className="right">
              Recovering
            </th>
          </tr>
        </thead>
        <tbody>
          {partitions.map(one => (
            <tr key={one.partition}>
              <td className="right number">{one.partition}</td>
              <td>{one.silo ?? <span className="soft">none</span>}</td>
              <td>
                <Chip tone={one.answers ? 'good' : 'bad'}>{one.answers ? 'yes' : 'no'}</Chip>
              </td>
              {[one.appliedPosition, one.nextPosition, one.waiting, one.recovering].map((value, index) => (
                <td key={index} className="right number">
                  {value?.toLocaleString() ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Card>
)

function Jobs() {
  const queries = useQueryClient()
  const { data, error, refetch } = useJobs()
  const check = async () => {
    await ask(api.POST('/v1/rebuild:check'))
    await queries.invalidateQueries({ queryKey: ['jobs'] })
  }
  return (
    <Card
      title="Jobs"
      end={
        <ActionDialog label="Check the profiles" title="Check all profiles against the log" confirm="Begin" onConfirm={check}>
          <p>A job folds the whole log anew and compares. It changes nothing and may take long.</p>
        </ActionDialog>
      }
      flush
    >
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting />
      ) : data.jobs.length === 0 ? (
        <Empty title="No job has run" />
      ) : (
        <ul>
          {data.jobs.map(job => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const JobRow = ({ job }: { job: Job }) => (
  <li className="entry">
    <div className="row">
      <strong>{job.kind}</strong>
      <JobState job={job} name={job.kind} lost="What it found so far is lost." />
    </div>
    {job.result && (
      <details>
        <summary className="small">Result</summary>
        <pre tabIndex={0} aria-label="Result">
          {JSON.stringify(job.result, null, 2)}
        </pre>
      </details>
    )}
  </li>
)
