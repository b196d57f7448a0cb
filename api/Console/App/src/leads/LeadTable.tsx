import { Go } from '../frame/navigation'
import { Card } from '../frame/parts'
import { VirtualList } from '../frame/VirtualList'
import { Missing, Time } from '../frame/values'
import type { LeadRow } from './Board'
import { Due, LeadStatus } from './parts'

export const LeadTable = ({ leads }: { leads: LeadRow[] }) => (
  <Card flush>
    <VirtualList
      label="Leads"
      items={leads}
      keyOf={lead => lead.leadId}
      estimate={44}
      render={lead => (
        <Go to={`/leads/${lead.leadId}`} className="lead-line">
          <code className="wrap">{lead.leadId}</code>
          <span>{lead.stage}</span>
          <LeadStatus status={lead.status} />
          <span>{lead.owner ?? lead.queue ?? <Missing />}</span>
          <Due at={lead.dueAt} />
          <span className="soft wide-only">
            <Time at={lead.createdAt} />
          </span>
        </Go>
      )}
    />
  </Card>
)
