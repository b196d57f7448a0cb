import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { ActionDialog } from '../frame/ActionDialog'
import { api, ask } from '../frame/client'
import { Go } from '../frame/navigation'
import { Button, Card, Chip, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

/** What was in force, who brought and approved it, and the way back. */
export function PolicyHistory({ kind, current }: { kind: string; current: string }) {
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: ['policy-history', kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(api.GET('/v1/policies/{kind}/history', { params: { path: { kind }, query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
  })
  const rollBack = async (version: string) => {
    await ask(api.POST('/v1/policies/{kind}:rollBack', { params: { path: { kind } }, body: { version } }))
    await queries.invalidateQueries({ predicate: query => ['policy', 'policies', 'policy-history'].includes(String(query.queryKey[0])) })
  }
  const all = list.data?.pages.flatMap(page => page.versions) ?? []
  const builtIn = all.at(-1)?.replaces
  return (
    <Card title="History" flush>
      {list.error ? (
        <ProblemNotice error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting />
      ) : all.length === 0 ? (
        <Empty title="The built-in policy has never been replaced" />
      ) : (
        <ol className="history" tabIndex={0} aria-label="Versions, latest first">
          {all.map(one => (
            <li key={one.number}>
              <span className="row">
                <Chip square tone={one.version === current ? 'good' : 'plain'}>
                  {one.version}
                </Chip>
                <Chip>{one.action}</Chip>
                {one.version === current && <span className="small">in force</span>}
              </span>
              <span className="small soft">
                <Time at={one.at} /> by {one.by}
                {one.approvedBy && `, approved by ${one.approvedBy}`}
              </span>
              {one.version !== current && (
                <Go to={`/policies/${kind}`} search={{ version: one.version }} className="button quiet">
                  Read it
                </Go>
              )}
              {one.version !== current && <Back version={one.version} onBack={() => rollBack(one.version)} />}
            </li>
          ))}
          {!list.hasNextPage && builtIn && builtIn !== current && !all.some(one => one.version === builtIn) && (
            <li>
              <span className="row">
                <Chip square>{builtIn}</Chip> <span className="small soft">before these</span>
              </span>
              <Go to={`/policies/${kind}`} search={{ version: builtIn }} className="button quiet">
                Read it
              </Go>
              <Back version={builtIn} onBack={() => rollBack(builtIn)} />
            </li>
          )}
        </ol>
      )}
      {list.hasNextPage && (
        <div className="padded">
          <Button onPress={() => void list.fetchNextPage()}>Show earlier</Button>
        </div>
      )}
    </Card>
  )
}

const Back = ({ version, onBack }: { version: string; onBack: () => Promise<unknown> }) => (
  <ActionDialog label="Go back to this" title={`Go back to ${version}`} confirm="Go back" kind="danger" onConfirm={onBack}>
    <p>It becomes the newest entry of the history, under the approval that it had.</p>
  </ActionDialog>
)
