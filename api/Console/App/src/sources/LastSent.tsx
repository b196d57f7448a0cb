import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../frame/client'
import { Card, Chip, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

/** Every source, and when something of it was last taken. */
export function LastSent({ title }: { title: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['sources'], queryFn: () => ask(api.GET('/v1/sources')), refetchInterval: 10_000 })
  return (
    <Card title={title} flush>
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting />
      ) : data.sources.length === 0 ? (
        <Empty title="Nobody has sent anything" />
      ) : (
        <ul className="list padded">
          {data.sources.map(one => (
            <li key={one.source}>
              <Chip>{one.kind}</Chip>
              <strong className="wrap">
                <bdi>{one.source}</bdi>
              </strong>
              <span className="soft small">{one.lastAt ? <>last sent <Time at={one.lastAt} relative /></> : 'never sent anything'}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
