import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../frame/client'
import { useSearchState } from '../frame/navigation'
import { Button, Card, ProblemNotice, Waiting } from '../frame/parts'
import type { Policy } from './PolicyPage'

/** The file of a version that was in force before, to be read beside the one that is. */
export function OldVersion({ kind, version }: { kind: string; version: string }) {
  const [, change] = useSearchState()
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', kind, version],
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind }, query: { version } } })) as Promise<Policy>,
    staleTime: Infinity,
  })
  return (
    <Card title={`Version ${version}`} end={<Button onPress={() => change({ version: undefined })}>Close</Button>} flush>
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting />
      ) : (
        <pre className="file" tabIndex={0} aria-label={`Version ${version} of ${kind}.yaml`}>
          {data.yaml}
        </pre>
      )}
    </Card>
  )
}
