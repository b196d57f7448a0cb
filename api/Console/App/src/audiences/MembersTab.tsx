import { useInfiniteQuery } from '@tanstack/react-query'
import { api, ask } from '../frame/client'
import { customerPath, Go, usePurpose } from '../frame/navigation'
import { Button, Card, Chip, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { audiencePath } from './parts'

/** Who is in it, by customer id, as far as the caller may see them. */
export function MembersTab({ name }: { name: string }) {
  const purpose = usePurpose()
  const list = useInfiniteQuery({
    queryKey: ['audience', name, 'members', purpose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/audiences/{name}/members', { params: { path: { name }, query: { purpose, limit: 100, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const members = list.data?.pages.flatMap(page => page.members) ?? []
  if (list.isPending) return <Waiting rows={6} />
  return (
    <>
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <Card flush>
          {members.length === 0 && !list.hasNextPage ? (
            <Empty title="Nobody that you may see is in it">Of whom your role and purpose may see nothing, nothing is told.</Empty>
          ) : (
            <div className="table-box" tabIndex={0} role="region" aria-label="Members">
              <table className="words">
                <thead>
                  <tr>
                    <th scope="col">Customer</th>
                    <th scope="col">Since</th>
                    <th scope="col">
                      <span className="out-of-sight">Why</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {members.map(one => (
                    <tr key={one.customerId}>
                      <td>
                        <Go to={customerPath(`customer:${one.customerId}`)}>
                          <code>{one.customerId}</code>
                        </Go>{' '}
                        {one.isHeldOut && <Chip tone="warn">held out</Chip>}
                      </td>
                      <td>
                        <Time at={one.since} />
                      </td>
                      <td>
                        <Go to={audiencePath(name)} search={{ tab: 'why', who: `customer:${one.customerId}` }}>
                          Why<span className="out-of-sight"> {one.customerId}</span>
                        </Go>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      )}
      {list.hasNextPage && (
        <div className="row">
          <Button onPress={() => void list.fetchNextPage()}>Show more members</Button>
          <span className="soft">{members.length.toLocaleString()} are shown.</span>
        </div>
      )}
    </>
  )
}
