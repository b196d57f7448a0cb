import { useQuery } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go } from '../frame/navigation'
import { Card, Chip, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

const abouts: Record<string, string> = {
  access: 'who sees which field for which purpose',
  audiences: 'who is in which audience, and what is shown to whom',
  consent: 'what people say yes or no to, and what is done without a yes',
  destinations: 'where changes are sent, what of them and how fast',
  identity: 'which values are identifiers, and what may come together in one customer',
  lifecycle: 'what a lead is at which stage',
  mastership: 'which source’s value a profile shows',
  retention: 'how long what was sent is kept, and until when requests are answered',
  routing: 'who gets which lead',
  'sales-team': 'who takes leads, how many, and when they work',
  scoring: 'how many points a lead has',
  sources: 'which services send webhooks, and how their bodies are read',
}

/** Every kind of policy, and what is in force. */
export default function PoliciesPage() {
  const { data, error, refetch } = useQuery({ queryKey: ['policies'], queryFn: () => ask(api.GET('/v1/policies')) })
  return (
    <>
      <PageHead title="Policies" about="Files that decide about people. Each is checked, approved, put in force and taken back in the same way." />
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting rows={8} />
      ) : (
        <Card flush>
          {data.policies.map(one => (
            <Go key={one.kind} to={`/policies/${one.kind}`} className="hit">
              <span style={{ flex: 1, minWidth: 0 }}>
                <strong>{one.kind}</strong>
                <br />
                <span className="soft small">{abouts[one.kind]}</span>
              </span>
              {one.proposals > 0 && <Chip tone="warn">{one.proposals} to approve</Chip>}
              {one.needsFourEyes && <Chip tone="violet">four eyes</Chip>}
              <span className="soft small wide-only">{one.at ? <><Time at={one.at} /> by {one.by}</> : 'built in'}</span>
              <Chip square>{one.version}</Chip>
            </Go>
          ))}
        </Card>
      )}
      <AsCall calls={[{ path: '/v1/policies' }]} />
    </>
  )
}
