import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall, CopyButton } from '../frame/calls'
import { api, ask, askFor } from '../frame/client'
import { Button, Card, Chip, Choice, Empty, Notice, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import type { Key } from './types'

/** The keys that the grid keeps. Those of the settings are not among them. */
export function KeysTab() {
  const [shown, setShown] = useState<Key | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['keys'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<{ keys: Key[]; next: string | null }>(api.GET('/v1/keys', { params: { query: { limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const all = list.data?.pages.flatMap(page => page.keys) ?? []
  return (
    <>
      {shown?.key && (
        <Notice kind="good" title={`The key ${shown.name} is shown now and never again`} end={<CopyButton text={shown.key} />}>
          <code>{shown.key}</code>
        </Notice>
      )}
      <Card title="Keys that the grid keeps" end={<NewKey onMade={setShown} />} flush>
        {list.error ? (
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting />
        ) : all.length === 0 ? (
          <Empty title="The grid keeps no key">Those of the settings are not listed here.</Empty>
        ) : (
          <div className="table-box" tabIndex={0} role="region" aria-label="Keys">
            <table>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Roles</th>
                  <th scope="col" className="wide-only">
                    Made
                  </th>
                  <th scope="col">Last used</th>
                  <th scope="col" className="wide-only">
                    Ends
                  </th>
                  <th scope="col">
                    <span className="out-of-sight">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map(one => (
                  <KeyRow key={one.name} one={one} onShown={setShown} />
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
      <AsCall calls={[{ path: '/v1/keys' }, { method: 'POST', path: '/v1/keys', body: { name: 'crm', roles: ['collect'], trust: 'server' } }]} />
    </>
  )
}

function KeyRow({ one, onShown }: { one: Key; onShown: (key: Key) => void }) {
  const queries = useQueryClient()
  const rotate = async () => {
    onShown(await askFor<Key>(api.POST('/v1/keys/{name}:rotate', { params: { path: { name: one.name } }, body: {} as never })))
    await queries.invalidateQueries({ queryKey: ['keys'] })
  }
  const revoke = async () => {
    await ask(api.DELETE('/v1/keys/{name}', { params: { path: { name: one.name } } }))
    await queries.invalidateQueries({ queryKey: ['keys'] })
  }
  return (
    <tr>
      <td>
        <strong>
          <bdi>{one.name}</bdi>
        </strong>{' '}
        {one.status !== 'active' && <Chip tone="warn">{one.status}</Chip>}
        {one.purposes.length > 0 && <div className="small soft">for {one.purposes.join(', ')}</div>}
      </td>
      <td>
        <span className="row">
          {one.roles.map(role => (
            <Chip key={role} tone={role === 'admin' ? 'bad' : 'accent'}>
              {role}
            </Chip>
          ))}
        </span>
      </td>
      <td className="wide-only">
        <Time at={one.createdAt} /> <span className="small soft">by {one.createdBy}</span>
      </td>
      <td>{one.lastUsedOn ?? <span className="soft">never</span>}</td>
      <td className="wide-only">{one.expiresAt ? <Time at={one.expiresAt} /> : <span className="soft">does not</span>}</td>
      <td>
        <span className="row end">
          <ActionDialog label="Rotate" title={`A new secret for ${one.name}`} confirm="Make it" onConfirm={rotate}>
            <p>The old secret goes on to count for a day, so that senders can be moved over.</p>
          </ActionDialog>
          <ActionDialog label="Revoke" kind="danger" title={`Revoke ${one.name}`} confirm="Revoke" onConfirm={revoke}>
            <p>It counts no more on this node at once, on the others within two seconds. Sessions that were begun with it end, too.</p>
          </ActionDialog>
        </span>
      </td>
    </tr>
  )
}

const lives = [
  ['', 'never'],
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
] as const

function NewKey({ onMade }: { onMade: (key: Key) => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [roles, setRoles] = useState('collect')
  const [purposes, setPurposes] = useState('')
  const [life, setLife] = useState('')
  const words = (text: string) => text.split(/[\s,]+/).filter(Boolean)

  const make = async () => {
    const body = {
      name: name.trim(),
      roles: words(roles),
      ...(words(purposes).length > 0 ? { purposes: words(purposes) } : {}),
      ...(life ? { expiresAt: new Date(Date.now() + Number(life) * 86_400_000).toISOString() } : {}),
    }
    onMade(await askFor<Key>(api.POST('/v1/keys', { body: body as never })))
    setName('')
    await queries.invalidateQueries({ queryKey: ['keys'] })
  }

  return (
    <ActionDialog label="New key" kind="primary" title="Make a key" confirm="Make it" isReady={name.trim() !== '' && words(roles).length > 0} onConfirm={make}>
      <TextInput label="Name" value={name} onChange={setName} help="Also the source of what is sent with it." isRequired />
      <TextInput label="Roles" value={roles} onChange={setRoles} help="collect, read, admin, or roles of the access policy: sales, steward, privacy-officer …" isRequired />
      <TextInput label="Purposes" value={purposes} onChange={setPurposes} help="What its reads may be for; none means what its roles allow." />
      <Choice label="It ends" value={life} options={lives} onChange={setLife} />
    </ActionDialog>
  )
}

