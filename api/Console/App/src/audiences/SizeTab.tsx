import { useQuery } from '@tanstack/react-query'
import type { components } from '../frame/api'
import { api, ask } from '../frame/client'
import { useSearchState } from '../frame/navigation'
import { Card, Choice, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { SizeChart } from './SizeChart'

type Overlapping = components['schemas']['AudienceOverlapAnswer']

/** How large the audience was by the hour and the day, and how far another one is the same people. */
export function SizeTab({ name }: { name: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['audience', name, 'size'],
    queryFn: () => ask(api.GET('/v1/audiences/{name}/size', { params: { path: { name } } })),
    refetchInterval: 30_000,
  })
  return (
    <div className="columns">
      <Card title="Size over time">
        {error ? (
          <ProblemNotice error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Waiting />
        ) : (
          <SizeChart name={name} samples={data.samples} now={data.members} />
        )}
      </Card>
      <Overlap name={name} />
    </div>
  )
}

function Overlap({ name }: { name: string }) {
  const [search, change] = useSearchState()
  const all = useQuery({ queryKey: ['audiences'], queryFn: () => ask(api.GET('/v1/audiences')) })
  const others = all.data?.audiences.map(one => one.name).filter(one => one !== name) ?? []
  const other = search.other
  const overlap = useQuery({
    queryKey: ['audience', name, 'overlap', other],
    queryFn: () => ask(api.GET('/v1/audiences/{name}/overlap/{other}', { params: { path: { name, other: other! } } })),
    enabled: other !== undefined,
  })
  return (
    <Card title="Overlap with another">
      {all.data && others.length === 0 ? (
        <Empty title="There is no other audience" />
      ) : (
        <Choice
          label="The other"
          value={other ?? ''}
          options={[['', 'Choose'], ...(other && !others.includes(other) ? [...others, other] : others).map(one => [one, one] as const)]}
          onChange={value => change({ other: value || undefined }, true)}
        />
      )}
      {overlap.error && <ProblemNotice error={overlap.error} retry={() => void overlap.refetch()} />}
      {other && overlap.isPending && !overlap.error && <Waiting rows={2} />}
      {overlap.data && <Both overlap={overlap.data} />}
    </Card>
  )
}

/** Two bars over each other: what both have stands in both. */
function Both({ overlap }: { overlap: Overlapping }) {
  const rows = [
    [`Only in ${overlap.audience}`, overlap.members - overlap.both],
    ['In both', overlap.both],
    [`Only in ${overlap.other}`, overlap.otherMembers - overlap.both],
  ] as const
  const most = Math.max(1, ...rows.map(([, count]) => count))
  return (
    <div aria-live="polite" className="stack tight">
      <ul className="list">
        {rows.map(([label, count]) => (
          <li key={label} className="counter">
            <span className="wrap">{label}</span>
            <span className="bar" aria-hidden="true">
              <span style={{ width: `${(100 * Math.max(0, count)) / most}%` }} />
            </span>
            <span className="number">{Math.max(0, count).toLocaleString()}</span>
          </li>
        ))}
      </ul>
      <p className="small soft">{Math.round(overlap.jaccard * 100)} % of those in either are in both.</p>
    </div>
  )
}
