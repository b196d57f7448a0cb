import { useQuery } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go } from '../frame/navigation'
import { Card, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { LastSent } from './LastSent'
import { SourceCard } from './SourceCard'

interface SourcesPolicy {
  sources?: Record<string, { kind?: string }>
}

/** The services that send by themselves: what of it could not be read, and how reading from them goes. */
export default function SourcesPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', 'sources'],
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind: 'sources' } } })),
  })
  const sources = Object.entries((data as { policy?: SourcesPolicy } | undefined)?.policy?.sources ?? {})
  return (
    <>
      <PageHead title="Sources" about="Who sends, and when each last did; of services that send webhooks what could not be read, and how reading from them goes." />
      <LastSent title="Last sent" />
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting rows={6} />
      ) : sources.length === 0 ? (
        <Card>
          <Empty title="No service sends webhooks">
            <p>
              The policy <Go to="/policies/sources">sources</Go> names those that may. Senders with keys are no services: <Go to="/privacy" search={{ tab: 'keys' }}>keys</Go>.
            </p>
          </Empty>
        </Card>
      ) : (
        <div className="columns even">
          {sources.map(([name, source]) => (
            <SourceCard key={name} name={name} kind={source.kind} />
          ))}
        </div>
      )}
      <AsCall calls={[{ path: '/v1/sources' }, { path: '/v1/policies/sources' }, ...sources.map(([name]) => ({ path: `/v1/webhooks/${name}` }))]} />
    </>
  )
}
