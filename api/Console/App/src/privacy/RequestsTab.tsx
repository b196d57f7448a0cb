import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall } from '../frame/calls'
import { api, askFor } from '../frame/client'
import { Button, Card, Chip, Choice, Empty, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { RequestActions } from './RequestActions'
import type { PrivacyRequest } from './types'

const types = ['access', 'portability', 'rectification', 'restriction', 'objection', 'erasure'] as const
const tones = { done: 'good', cancelled: 'plain', 'needs-decision': 'warn', running: 'accent' } as const

/** The requests of persons, with their deadlines and what is to be decided. */
export function RequestsTab() {
  const list = useInfiniteQuery({
    queryKey: ['privacy-requests'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<{ requests: PrivacyRequest[]; next: string | null }>(
        api.GET('/v1/privacy/requests', { params: { query: { limit: 100, cursor: pageParam } } }),
      ),
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: 10_000,
  })
  const all = list.data?.pages.flatMap(page => page.requests) ?? []
  return (
    <>
      <Card title="Requests" end={<NewRequest />} flush>
        {list.error ? (
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting rows={6} />
        ) : all.length === 0 ? (
          <Empty title="Nobody has asked anything" />
        ) : (
          <ul>
            {all.map(one => (
              <RequestRow key={one.id} request={one} />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <div className="padded">
            <Button onPress={() => void list.fetchNextPage()}>Show more</Button>
          </div>
        )}
      </Card>
      <AsCall
        calls={[
          { path: '/v1/privacy/requests' },
          { method: 'POST', path: '/v1/privacy/requests', body: { type: 'access', identifiers: ['email:jane@example.com'], requestId: '…' } },
        ]}
      />
    </>
  )
}

const isOver = (one: PrivacyRequest) => one.status === 'done' || one.status === 'cancelled'

function RequestRow({ request }: { request: PrivacyRequest }) {
  const { id, type, status, by, askedAt, dueAt, doneAt, identifiers, requestId, candidates, step, ...more } = request
  const isLate = !isOver(request) && new Date(dueAt) < new Date()
  return (
    <li className="entry">
      <div className="row">
        <strong>{type}</strong>
        <Chip tone={tones[status as keyof typeof tones] ?? 'plain'}>{status.replaceAll('-', ' ')}</Chip>
        {step && !isOver(request) && <span className="small soft">step {step}</span>}
        {!isOver(request) && (
          <Chip tone={isLate ? 'bad' : 'plain'}>
            {isLate ? 'late, ' : ''}due <Time at={dueAt} relative />
          </Chip>
        )}
        <span className="row" style={{ marginLeft: 'auto' }}>
          <RequestActions request={request} />
        </span>
      </div>
      <p className="small soft wrap">
        asked <Time at={askedAt} /> by {by}
        {requestId && ` as ${requestId}`}
        {doneAt && (
          <>
            , done <Time at={doneAt} />
          </>
        )}
        {identifiers && identifiers.length > 0 && (
          <>
            {' '}
            for <bdi>{identifiers.join(', ')}</bdi>
          </>
        )}
      </p>
      {Object.keys(more).length > 0 && (
        <details>
          <summary className="small">What was found and done</summary>
          <pre tabIndex={0} aria-label="What was found and done">
            {JSON.stringify({ id, ...more }, null, 2)}
          </pre>
        </details>
      )}
    </li>
  )
}

function NewRequest() {
  const queries = useQueryClient()
  const [type, setType] = useState<string>('access')
  const [identifiers, setIdentifiers] = useState('')
  const [requestId, setRequestId] = useState('')
  const [traits, setTraits] = useState('')
  const wanted = identifiers.split('\n').map(line => line.trim()).filter(Boolean)

  const begin = async () => {
    const body = {
      type,
      identifiers: wanted,
      ...(requestId.trim() ? { requestId: requestId.trim() } : {}),
      ...(type === 'rectification' ? { traits: JSON.parse(traits) } : {}),
    }
    await askFor(api.POST('/v1/privacy/requests', { body: body as never }))
    setIdentifiers('')
    setRequestId('')
    setTraits('')
    await queries.invalidateQueries({ queryKey: ['privacy-requests'] })
  }

  const isReady = wanted.length > 0 && (type !== 'rectification' || isObject(traits))
  return (
    <ActionDialog label="New request" kind="primary" title="Take a person’s request" confirm="Begin" isReady={isReady} onConfirm={begin}>
      <Choice label="What they ask" value={type} options={types.map(one => [one, one] as const)} onChange={setType} />
      {type === 'erasure' && <p className="small">Once it began, what is known of the person is taken out everywhere, and can’t be brought back.</p>}
      <TextInput label="Identifiers, one a line" rows={3} value={identifiers} onChange={setIdentifiers} placeholder="email:jane@example.com" isRequired />
      {type === 'rectification' && (
        <TextInput label="Traits to put right, as JSON" rows={3} value={traits} onChange={setTraits} placeholder='{"name": "Jane Roe", "fax": null}' isRequired />
      )}
      <TextInput label="Your number for it" value={requestId} onChange={setRequestId} help="Sent again with the same number it is the same request." />
    </ActionDialog>
  )
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
