import { useQuery } from '@tanstack/react-query'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask } from '../frame/client'
import { customerPath, Go, usePathPart, usePurpose } from '../frame/navigation'
import { Card, Chip, Empty, Notice, PageHead, ProblemNotice, ProblemPage, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Missing, Time, Value } from '../frame/values'
import type { components } from '../frame/api'
import { DecisionPath } from './Decision'
import { LeadActions } from './LeadActions'
import { LeadStatus } from './parts'

type Lead = components['schemas']['LeadAnswer']
type Explanation = components['schemas']['LeadExplanation']

/** One lead: where it is, why, and what sales say of it. */
export default function LeadPage() {
  const leadId = usePathPart('leadId')
  const purpose = usePurpose()
  const lead = useQuery({
    queryKey: ['lead', leadId],
    queryFn: () => ask(api.GET('/v1/leads/{leadId}', { params: { path: { leadId } } })),
    refetchInterval: 15_000,
  })
  const explained = useQuery({
    queryKey: ['lead', leadId, 'explain', purpose],
    queryFn: () => ask(api.GET('/v1/leads/{leadId}/explain', { params: { path: { leadId }, query: { purpose } } })),
  })
  if (!lead.data) return lead.error ? <ProblemPage title="Lead" error={lead.error} retry={() => void lead.refetch()} /> : <Waiting rows={8} />
  const one = lead.data
  return (
    <>
      <PageHead
        title={one.owner ? `Lead of ${one.owner}` : one.queue ? `Lead in ${one.queue}` : 'Lead'}
        about={
          <span className="row">
            <code className="wrap">{one.leadId}</code>
            <LeadStatus status={one.status} />
            <Chip tone="accent">{one.stage}</Chip>
            {one.tier && <Chip tone="violet">{one.tier}</Chip>}
            <Go to={customerPath(`customer:${one.customerId}`)}>See the customer</Go>
          </span>
        }
        end={<LeadActions lead={one} />}
      />
      <div className="columns">
        <div className="stack">
          {explained.error instanceof Problem && (explained.error.status === 403 || explained.error.status === 404) ? (
            <Notice title="The way through the rules is not for you">It is shown to the person who has the lead, and to who may see everybody’s leads.</Notice>
          ) : explained.error ? (
            <ProblemNotice error={explained.error} retry={() => void explained.refetch()} />
          ) : !explained.data ? (
            <Waiting rows={8} />
          ) : explained.data.decision ? (
            <DecisionPath decision={explained.data.decision.decision} />
          ) : (
            <Card title="The way through the rules">
              <Empty title="Nobody was to get it yet">It is given to sales when its stage is one that the lifecycle routes.</Empty>
            </Card>
          )}
          <Handoffs lead={one} />
        </div>
        <div className="stack">
          {explained.data?.score && <Score score={explained.data.score} />}
          <Stages lead={one} />
          {explained.data?.decision && <Facts decision={explained.data.decision} withheld={explained.data.withheld} />}
        </div>
      </div>
      <AsCall
        calls={[
          { path: pathWith(`/v1/leads/${leadId}/explain`, { purpose }) },
          { method: 'POST', path: `/v1/leads/${leadId}:accept`, body: { person: one.owner ?? '…' } },
        ]}
      />
    </>
  )
}

const Handoffs = ({ lead }: { lead: Lead }) => (
  <Card title="Who had it" flush>
    {lead.handoffs.length === 0 ? (
      <Empty title="Nobody yet" />
    ) : (
      <div className="table-box" tabIndex={0} role="region" aria-label="Who had it">
        <table>
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Stands</th>
              <th scope="col">By</th>
              <th scope="col">From</th>
              <th scope="col" className="right">
                Minutes used
              </th>
            </tr>
          </thead>
          <tbody>
            {lead.handoffs.map(one => (
              <tr key={one.attempt}>
                <td>{one.person}</td>
                <td>
                  <LeadStatus status={one.status} /> {one.isLate && <Chip tone="bad">late</Chip>} {one.code}
                </td>
                <td>
                  {one.rule} <span className="small soft">{one.by}</span>
                </td>
                <td>
                  <Time at={one.at} />
                </td>
                <td className="right number">
                  {Math.round(one.usedMinutes)} of {one.slaMinutes ?? '∞'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Card>
)

const Stages = ({ lead }: { lead: Lead }) => (
  <Card title="Stages">
    <ol className="list">
      {lead.stages.map((one, index) => (
        <li key={index}>
          <Chip tone="accent">{one.stage}</Chip>
          <span className="small soft">
            <Time at={one.at} /> {one.by && `by ${one.by}`} {one.code}
          </span>
        </li>
      ))}
    </ol>
  </Card>
)

function Score({ score }: { score: NonNullable<Explanation['score']> }) {
  const groups = Object.entries(score.groups as Record<string, number>)
  return (
    <Card title={`Score ${score.points}`} end={score.tier && <Chip tone="violet">{score.tier}</Chip>}>
      <p className="soft small">{groups.map(([name, points]) => `${name} ${points}`).join(', ')}</p>
      <ul className="list">
        {score.lines
          .filter(line => line.left !== 0)
          .map((line, index) => (
            <li key={index} className="counter">
              <span className="wrap">
                {line.rule} <span className="small soft">{line.group}</span>
              </span>
              <span className="small soft">{line.given !== line.left && `of ${line.given}`}</span>
              <span className="number">{line.left > 0 ? `+${line.left}` : line.left}</span>
            </li>
          ))}
      </ul>
    </Card>
  )
}

const Facts = ({ decision, withheld }: { decision: NonNullable<Explanation['decision']>; withheld: string[] }) => (
  <Card title="The facts then">
    <p className="small soft">
      <Time at={decision.at} />, routing <code>{decision.policyVersion}</code>
    </p>
    <dl className="keys small">
      {Object.entries(decision.facts as Record<string, unknown>).map(([name, value]) => (
        <div key={name} className="pair">
          <dt>{name}</dt>
          <dd>{value === null ? <Missing /> : <Value value={isMoment(value) ? value.at : value} />}</dd>
        </div>
      ))}
    </dl>
    {withheld.length > 0 && <p className="small soft wrap">Not for your role: {withheld.join(', ')}.</p>}
  </Card>
)

const isMoment = (value: unknown): value is { at: string } => typeof value === 'object' && value !== null && 'at' in value
