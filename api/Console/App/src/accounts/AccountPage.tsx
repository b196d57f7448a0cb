import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { toneOf } from '../customers/Overview'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask } from '../frame/client'
import { customerPath, Go, usePathPart, usePurpose } from '../frame/navigation'
import { Card, Chip, Empty, Notice, PageHead, ProblemPage, Waiting } from '../frame/parts'
import { Time, Value } from '../frame/values'
import { VirtualList } from '../frame/VirtualList'

/** One company: its traits, and the people in it. */
export default function AccountPage() {
  const groupId = usePathPart('groupId')
  const purpose = usePurpose()
  const account = useInfiniteQuery({
    queryKey: ['account', groupId, purpose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/accounts/{groupId}', { params: { path: { groupId }, query: { purpose, limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = account
  const goOn = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  if (!account.data) return account.error ? <ProblemPage title={groupId} error={account.error} retry={() => void account.refetch()} /> : <Waiting rows={6} />
  const first = account.data.pages[0]
  const members = account.data.pages.flatMap(page => page.members ?? [])
  const traits = Object.entries(first.traits as Record<string, unknown>).sort(([one], [other]) => one.localeCompare(other))
  const name = (first.traits as { name?: unknown }).name
  return (
    <>
      <PageHead
        title={<bdi>{typeof name === 'string' && name ? name : groupId}</bdi>}
        about={
          <span className="row">
            <code className="wrap">{groupId}</code>
            {first.memberCount != null && <span>{first.memberCount.toLocaleString()} members</span>}
          </span>
        }
      />
      {first.truncated && <Notice title="It has more members than are listed" />}
      <div className="columns even">
        <Card title={`Traits (${traits.length})`} flush>
          {traits.length === 0 ? (
            <Empty title="Nothing that your role sees" />
          ) : (
            <div className="table-box" tabIndex={0} role="region" aria-label="Traits">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Field</th>
                    <th scope="col">Value</th>
                  </tr>
                </thead>
                <tbody>
                  {traits.map(([field, value]) => (
                    <tr key={field}>
                      <th scope="row" className="field-name">
                        <bdi>{field}</bdi>
                      </th>
                      <td>
                        <Value value={value} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
        <Card title="Members" flush>
          {first.members == null ? (
            <Empty title="Withheld from your role" />
          ) : members.length === 0 ? (
            <Empty title="Nobody yet" />
          ) : (
            <VirtualList
              label="Members"
              items={members}
              keyOf={one => `${one.type}:${one.value}`}
              estimate={42}
              onEnd={goOn}
              render={one => (
                <Go to={customerPath(`${one.type}:${one.value}`)} className="hit">
                  <Chip square tone={toneOf(one.type)}>
                    {one.type}
                  </Chip>
                  <bdi className="wrap" style={{ flex: 1 }}>
                    {one.value}
                  </bdi>
                  <span className="small soft wide-only">
                    since <Time at={one.firstAt} />
                  </span>
                </Go>
              )}
            />
          )}
        </Card>
      </div>
      <AsCall calls={[{ path: pathWith(`/v1/accounts/${encodeURIComponent(groupId)}`, { purpose }) }]} />
    </>
  )
}
