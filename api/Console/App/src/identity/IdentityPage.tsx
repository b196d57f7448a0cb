import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { comparePath, Go, identityPath, TabLinks, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, PageHead, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

const tabs = [
  ['values', 'Quarantined values'],
  ['messages', 'Held messages'],
] as const

/** What identity needs a person for: values that gather everyone, messages that could not be applied, and a way into any customer. */
export default function IdentityPage() {
  const [search] = useSearchState()
  const tab = search.tab === 'messages' ? 'messages' : 'values'
  return (
    <>
      <PageHead title="Identity" about="Values that would gather everyone link nobody until somebody lets them go." end={<Ways />} />
      <TabLinks label="What is held" tabs={tabs} current={tab} />
      {tab === 'values' ? <Values /> : <Messages />}
      <AsCall calls={[{ path: `/v1/quarantine/${tab === 'values' ? 'identifiers' : 'messages'}` }]} />
    </>
  )
}

/** From here to a customer, or to two. */
const Ways = () => (
  <div className="row" style={{ alignItems: 'end' }}>
    <AskWhy />
    <Go to={comparePath} className="button">
      Compare two
    </Go>
  </div>
)

function AskWhy() {
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const go = (event: FormEvent) => {
    event.preventDefault()
    if (text.includes(':')) void navigate({ to: identityPath(text.trim()) })
  }
  return (
    <form className="row" style={{ alignItems: 'end' }} onSubmit={go}>
      <TextInput label="Why one person? type:value" value={text} onChange={setText} placeholder="user_id:jane" />
      <Button type="submit" isDisabled={!text.includes(':')}>
        Show
      </Button>
    </form>
  )
}

function Values() {
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: ['quarantine', 'identifiers'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(api.GET('/v1/quarantine/identifiers', { params: { query: { limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const release = async (identifier: string) => {
    await ask(api.POST('/v1/quarantine/identifiers/{identifier}:release', { params: { path: { identifier } } }))
    await queries.invalidateQueries({ queryKey: ['quarantine'] })
  }
  const all = list.data?.pages.flatMap(page => page.identifiers) ?? []
  return (
    <Card flush>
      {list.error ? (
        <ProblemNotice error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting />
      ) : all.length === 0 ? (
        <Empty title="No value is held">A value comes here when it was sent with more people than its type allows.</Empty>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Quarantined values">
          <table>
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col">Came with</th>
                <th scope="col">Held since</th>
                <th scope="col">By</th>
                <th scope="col">
                  <span className="out-of-sight">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map(one => (
                <tr key={`${one.type}:${one.value}`}>
                  <td>
                    <Chip square>{one.type}</Chip>{' '}
                    <Go to={identityPath(`${one.type}:${one.value}`)}>
                      <bdi>{one.value}</bdi>
                    </Go>
                  </td>
                  <td className="number">{one.degree} others</td>
                  <td>
                    <Time at={one.quarantinedAt} />
                  </td>
                  <td>
                    {one.source} <code className="small">{one.messageId}</code>
                  </td>
                  <td className="right">
                    <ActionDialog label="Release" title={`Release ${one.type}:${one.value}`} confirm="Release" onConfirm={() => release(`${one.type}:${one.value}`)}>
                      <p>From now on messages with it may link and merge customers again. Its count begins anew.</p>
                    </ActionDialog>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <div className="padded">
          <Button onPress={() => void list.fetchNextPage()}>Show more</Button>
        </div>
      )}
    </Card>
  )
}

function Messages() {
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: ['quarantine', 'messages'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(api.GET('/v1/quarantine/messages', { params: { query: { limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const retry = async (partition: number, position: number) => {
    await ask(api.POST('/v1/quarantine/messages/{partition}-{position}:retry', { params: { path: { partition, position } as never } }))
    await queries.invalidateQueries({ queryKey: ['quarantine'] })
  }
  const all = list.data?.pages.flatMap(page => page.messages) ?? []
  return (
    <Card flush>
      {list.error ? (
        <ProblemNotice error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting />
      ) : all.length === 0 ? (
        <Empty title="No message is held">All that was accepted could be applied.</Empty>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Held messages">
          <table>
            <thead>
              <tr>
                <th scope="col">Place in the log</th>
                <th scope="col">Why</th>
                <th scope="col">Held since</th>
                <th scope="col">
                  <span className="out-of-sight">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map(one => (
                <tr key={`${one.partition}-${one.position}`}>
                  <td className="number">
                    {one.partition}-{one.position}
                  </td>
                  <td>{one.reason}</td>
                  <td>
                    <Time at={one.quarantinedAt} />
                  </td>
                  <td className="right">
                    <ActionDialog label="Try again" title="Apply the message now" confirm="Try again" onConfirm={() => retry(one.partition, one.position)}>
                      <p>Where it fails again it stays here.</p>
                    </ActionDialog>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}
