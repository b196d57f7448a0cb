import type { components } from '../frame/api'
import { Go } from '../frame/navigation'
import { Chip } from '../frame/parts'
import { useLifecycle } from './lifecycle'
import { Due, LeadStatus } from './parts'

export type LeadRow = components['schemas']['LeadRowAnswer']

const byDue = (one: LeadRow, other: LeadRow) => (one.dueAt ?? '9').localeCompare(other.dueAt ?? '9') || one.createdAt.localeCompare(other.createdAt)

/** A column for each stage, in the order in which leads walk them; in it who must be answered first stands first. */
export function Board({ leads }: { leads: LeadRow[] }) {
  const order = useLifecycle().stages
  const stages = new Map<string, LeadRow[]>(order.map(stage => [stage, []]))
  for (const lead of leads) stages.set(lead.stage, [...(stages.get(lead.stage) ?? []), lead])
  return (
    <div className="board" tabIndex={0} role="region" aria-label="Leads by stage">
      {[...stages].filter(([, mine]) => mine.length > 0).map(([stage, mine]) => (
        <section key={stage} aria-label={stage}>
          <h2 className="row">
            {stage} <Chip>{mine.length}</Chip>
          </h2>
          <ul className="stack tight">
            {mine.sort(byDue).slice(0, 60).map(lead => (
              <li key={lead.leadId}>
                <Go to={`/leads/${lead.leadId}`} className="card lead-card">
                  <span className="row">
                    <LeadStatus status={lead.status} />
                    <Due at={lead.dueAt} />
                  </span>
                  <span className="row">
                    <strong>{lead.owner ?? (lead.queue ? `queue ${lead.queue}` : 'nobody yet')}</strong>
                    <code className="small soft">{lead.leadId.slice(0, 10)}…</code>
                  </span>
                </Go>
              </li>
            ))}
          </ul>
          {mine.length > 60 && <p className="small soft">and {mine.length - 60} more; the list has them all</p>}
        </section>
      ))}
    </div>
  )
}
