import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Choice, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Time, Value } from '../frame/values'
import { VirtualList } from '../frame/VirtualList'
import { profileKey, useTimeline } from './queries'
import type { TimelineEvent } from './types'

const kinds = [
  ['', 'Every kind'],
  ['track', 'Events'],
  ['page', 'Pages'],
  ['screen', 'Screens'],
  ['identify', 'Identify'],
  ['group', 'Group'],
  ['alias', 'Alias'],
] as const

const orders = [
  ['', 'Latest first'],
  ['asc', 'Earliest first'],
] as const

/** What the person did, message by message. Time and order are asked of the API; kind and text choose among what was read. */
export function TimelineTab({ identifier, purpose, isLive }: { identifier: string; purpose: string | undefined; isLive: boolean }) {
  const [search, change] = useSearchState()
  const queries = useQueryClient()
  const range = { from: dayStart(search.from), to: dayEnd(search.to), order: search.order === 'asc' ? 'asc' : undefined }
  const timeline = useTimeline(identifier, purpose, range)

  useEffect(() => {
    if (!isLive) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: [...profileKey(identifier), 'timeline'] }), 5_000)
    return () => clearInterval(timer)
  }, [isLive, identifier, queries])

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = timeline
  const goOn = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const all = timeline.data?.pages.flatMap(page => page.events) ?? []
  const wanted = (search.text ?? '').toLowerCase()
  const shown = all.filter(
    one =>
      (!search.kind || one.type === search.kind) &&
      (wanted === '' || `${one.name ?? ''} ${one.source} ${JSON.stringify(one.properties ?? {})}`.toLowerCase().includes(wanted)),
  )

  return (
    <Card flush>
      <div className="filters padded">
        <Choice label="Kind" value={search.kind ?? ''} options={kinds} onChange={kind => change({ kind: kind || undefined }, true)} />
        <label className="field">
          <span className="label">Text in it</span>
          <input className="input" value={search.text ?? ''} onChange={event => change({ text: event.target.value || undefined }, true)} />
        </label>
        <label className="field">
          <span className="label">From</span>
          <input className="input" type="date" value={search.from ?? ''} onChange={event => change({ from: event.target.value || undefined }, true)} />
        </label>
        <label className="field">
          <span className="label">To</span>
          <input className="input" type="date" value={search.to ?? ''} onChange={event => change({ to: event.target.value || undefined }, true)} />
        </label>
        <Choice label="Order" value={search.order ?? ''} options={orders} onChange={order => change({ order: order || undefined }, true)} />
      </div>
      {timeline.error && <ProblemNotice error={timeline.error} retry={() => void timeline.refetch()} />}
      {timeline.isPending ? (
        <Waiting rows={8} />
      ) : shown.length === 0 ? (
        <Empty title={all.length === 0 ? 'Nothing in this time' : 'Nothing of this kind among what was read'}>
          {hasNextPage && <Button onPress={goOn}>Read on</Button>}
        </Empty>
      ) : (
        <VirtualList
          label="Timeline"
          items={shown}
          keyOf={one => `${one.messageId} ${one.receivedAt}`}
          estimate={58}
          render={one => <EventRow event={one} />}
          onEnd={goOn}
        />
      )}
      <p className="padded small soft" role="status">
        {all.length} messages read{hasNextPage ? ', there are more' : ''}
        {shown.length !== all.length && `, ${shown.length} shown`}
      </p>
    </Card>
  )
}

const tones = { track: 'accent', page: 'plain', screen: 'plain', identify: 'violet', group: 'teal', alias: 'warn' } as const

function EventRow({ event }: { event: TimelineEvent }) {
  const said = { ...(event.traits ? { traits: event.traits } : {}), ...(event.properties ? { properties: event.properties } : {}) }
  return (
    <article className="event">
      <span className="soft small when">
        <Time at={event.timestamp} />
      </span>
      <span className="kind">
        <Chip tone={tones[event.type as keyof typeof tones] ?? 'plain'}>{event.type}</Chip>
      </span>
      <div className="what">
        <strong className="wrap">
          <bdi>{event.name ?? (event.groupId ? `joined ${event.groupId}` : sentence(event))}</bdi>
        </strong>
        <div className="small soft wrap">
          {event.source} · {(event.identifiers ?? []).map(one => `${one.type}:${one.value}`).join(', ')}
        </div>
        <details>
          <summary className="small">Payload</summary>
          <dl className="keys small">
            {Object.entries(said).flatMap(([part, fields]) =>
              Object.entries(fields).map(([name, value]) => [
                <dt key={`${part}.${name}`}>
                  <bdi>{name}</bdi>
                </dt>,
                <dd key={`${part}.${name} value`}>
                  <Value value={value} />
                </dd>,
              ]),
            )}
            <dt>message</dt>
            <dd>
              <code>{event.messageId}</code>
            </dd>
            <dt>received</dt>
            <dd>
              <Time at={event.receivedAt} />
            </dd>
          </dl>
        </details>
      </div>
    </article>
  )
}

const sentence = (event: TimelineEvent) =>
  event.type === 'identify' ? `said ${Object.keys(event.traits ?? {}).join(', ') || 'who they are'}` : event.type

/** The days are the viewer's. */
const dayStart = (day: string | undefined) => (day ? new Date(`${day}T00:00:00`).toISOString() : undefined)
const dayEnd = (day: string | undefined) => (day ? new Date(`${day}T23:59:59.999`).toISOString() : undefined)
