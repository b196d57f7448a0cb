import { useInfiniteQuery } from '@tanstack/react-query'
import type { components } from '../frame/api'
import { api, ask } from '../frame/client'
import { customerPath, Go, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Choice, Empty, ProblemNotice, type Tone, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { filterOf, outcomes } from './filter'
import { words } from './parts'
import { Replay } from './Replay'

type Delivery = components['schemas']['DeliveryAnswerLine']

const tones: Record<string, Tone> = { sent: 'good', withheld: 'violet', failed: 'bad', waiting: 'accent' }

/** What was sent, withheld and given up, and what waits. It names customers by id; of what was sent nothing is kept. */
export function Deliveries({ name }: { name: string }) {
  const [search, change] = useSearchState()
  const filter = filterOf(search)
  const list = useInfiniteQuery({
    queryKey: ['deliveries', name, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/destinations/{name}/deliveries', { params: { path: { name }, query: { ...filter, limit: 50, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: 10_000,
  })
  const rows = list.data?.pages.flatMap(page => page.deliveries) ?? []
  return (
    <>
      <div className="filters">
        <Choice label="Which" value={filter.outcome ?? ''} options={outcomes} onChange={outcome => change({ outcome: outcome || undefined }, true)} />
        <Text name="reason" label="Reason" placeholder="consent_denied" />
        <Text name="customer" label="Customer id" placeholder="c_…" />
        <Day name="from" label="From" />
        <Day name="to" label="Up to and with" />
        <Replay name={name} filter={filter} />
      </div>
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && !list.error ? (
        <Waiting rows={6} />
      ) : (
        <Card title={titleOf(filter.outcome)} flush>
          {rows.length === 0 ? <Empty title="There is none of these" /> : <Table rows={rows} />}
        </Card>
      )}
      {list.hasNextPage && (
        <div className="row">
          <Button onPress={() => void list.fetchNextPage()}>Show more deliveries</Button>
          <span className="soft">{rows.length.toLocaleString()} are shown.</span>
        </div>
      )}
    </>
  )
}

const titleOf = (outcome: string | undefined) => (outcome === undefined ? 'Deliveries, the newest first' : outcomes.find(([name]) => name === outcome)![1])

const Table = ({ rows }: { rows: Delivery[] }) => (
  <div className="table-box" tabIndex={0} role="region" aria-label="Deliveries">
    <table className="words">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Became of it</th>
          <th scope="col">Customer</th>
          <th scope="col">Caused</th>
          <th scope="col" className="right">
            Tries
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(one => (
          <tr key={`${one.id} ${one.outcome}`}>
            <td>
              {one.type} {one.name && <strong>{one.name}</strong>}
              <div className="small soft">
                <code>{one.id}</code>
              </div>
            </td>
            <td>
              <Chip tone={tones[one.outcome] ?? 'plain'}>{one.outcome}</Chip> {one.reason && <span>{words(one.reason)}</span>}{' '}
              {one.status !== null && <span className="small soft">HTTP {one.status}</span>}
              {one.note && <div className="small soft">{one.note}</div>}
            </td>
            <td>
              <Go to={customerPath(`customer:${one.customerId}`)}>
                <code>{one.customerId}</code>
              </Go>
            </td>
            <td>
              <Time at={one.at} />
              <div className="small soft">
                {one.outcome === 'waiting' ? 'next try' : 'done'} <Time at={one.doneAt} relative />
              </div>
            </td>
            <td className="right number">{one.tries}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

interface FieldProps {
  name: 'reason' | 'customer' | 'from' | 'to'
  label: string
  placeholder?: string
}

function Text({ name, label, placeholder }: FieldProps) {
  const [search, change] = useSearchState()
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        placeholder={placeholder}
        value={search[name] ?? ''}
        onChange={event => change({ [name]: event.target.value || undefined }, true)}
      />
    </label>
  )
}

function Day({ name, label }: FieldProps) {
  const [search, change] = useSearchState()
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input className="input" type="date" value={search[name] ?? ''} onChange={event => change({ [name]: event.target.value || undefined }, true)} />
    </label>
  )
}
