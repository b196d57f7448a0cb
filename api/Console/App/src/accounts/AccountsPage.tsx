import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { components } from '../frame/api'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, PageHead, ProblemNotice, TextInput, Waiting } from '../frame/parts'

type Account = components['schemas']['AccountRowAnswer']

const pageSize = 100

/** The companies, by their ids or by the beginning of a name. */
export default function AccountsPage() {
  const [search, change] = useSearchState()
  const purpose = usePurpose()
  const navigate = useNavigate()
  const [text, setText] = useState(search.name ?? '')
  const name = search.name
  const list = useInfiniteQuery({
    queryKey: ['accounts', name, purpose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(api.GET('/v1/accounts', { params: { query: { name, purpose, limit: pageSize, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const accounts = list.data?.pages.flatMap(page => page.accounts) ?? []

  // A page of a search may be short where many accounts have another name: it goes on until there is something to show.
  const goesOn = name !== undefined && accounts.length < pageSize && list.hasNextPage && !list.isFetchingNextPage && !list.error
  const { fetchNextPage } = list
  useEffect(() => {
    if (goesOn) void fetchNextPage()
  }, [goesOn, fetchNextPage])

  const find = (event: FormEvent) => {
    event.preventDefault()
    change({ name: text.trim() || undefined })
  }
  return (
    <>
      <PageHead title="Accounts" about="Companies, what is known of them, and the people in them." />
      <form className="row" style={{ alignItems: 'end' }} onSubmit={find}>
        <TextInput label="Name or account id" value={text} onChange={setText} placeholder="Acme" />
        <Button type="submit" kind="primary">
          Names that begin so
        </Button>
        <Button isDisabled={text.trim() === ''} onPress={() => void navigate({ to: `/accounts/${encodeURIComponent(text.trim())}` })}>
          Open this id
        </Button>
      </form>
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? (
        <Waiting rows={8} />
      ) : (
        <Card flush>
          {accounts.length === 0 && !list.isFetchingNextPage && !list.error ? (
            <Empty title={name ? `No name begins with “${name}”` : 'No account is known'}>
              {name ? 'An id is opened as a whole.' : 'Group calls and CRMs name companies.'}
            </Empty>
          ) : (
            <AccountTable accounts={accounts} />
          )}
        </Card>
      )}
      {list.isFetchingNextPage && name !== undefined && <p role="status" className="soft">Looking at further accounts …</p>}
      {list.hasNextPage && !goesOn && !list.isFetchingNextPage && (
        <div className="row">
          <Button onPress={() => void fetchNextPage()}>Show more accounts</Button>
          <span className="soft">{accounts.length.toLocaleString()} are shown.</span>
        </div>
      )}
      <AsCall calls={[{ path: pathWith('/v1/accounts', { name, purpose, limit: pageSize }) }]} />
    </>
  )
}

const AccountTable = ({ accounts }: { accounts: Account[] }) => (
  <div className="table-box" tabIndex={0} role="region" aria-label="Accounts">
    <table>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">Id</th>
          <th scope="col">Domains</th>
          <th scope="col" className="right">
            Open deals
          </th>
          <th scope="col" className="right">
            Linked
          </th>
        </tr>
      </thead>
      <tbody>
        {accounts.map(one => (
          <tr key={one.groupId}>
            <td>
              <Go to={`/accounts/${encodeURIComponent(one.groupId)}`}>
                <bdi>{one.name ?? one.groupId}</bdi>
              </Go>{' '}
              {one.partOf && <Chip>one with {one.partOf}</Chip>}
            </td>
            <td>
              <code>{one.groupId}</code>
            </td>
            <td className="wrap">{one.domains?.join(', ')}</td>
            <td className="right number">{one.openDeals || ''}</td>
            <td className="right number">{one.linked ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
