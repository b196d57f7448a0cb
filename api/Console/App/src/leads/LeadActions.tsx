import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { components } from '../frame/api'
import { ActionDialog } from '../frame/ActionDialog'
import { api, ask } from '../frame/client'
import { TextInput } from '../frame/parts'
import { useLifecycle } from './lifecycle'

type Lead = components['schemas']['LeadAnswer']
type Order = 'accept' | 'reject' | 'reassign' | 'close'

export function LeadActions({ lead }: { lead: Lead }) {
  const queries = useQueryClient()
  const codes = useLifecycle()
  const [person, setPerson] = useState(lead.owner ?? '')
  const [code, setCode] = useState('')
  const isOpen = lead.status !== 'closed' && lead.status !== 'duplicate'

  const order = async (what: Order) => {
    const body = { ...(what !== 'close' ? { person: person.trim() } : {}), ...(what === 'reject' || what === 'close' ? { code: code.trim() } : {}) }
    const asked = { params: { path: { leadId: lead.leadId } }, body: body as never }
    await ask(
      what === 'accept'
        ? api.POST('/v1/leads/{leadId}:accept', asked)
        : what === 'reject'
          ? api.POST('/v1/leads/{leadId}:reject', asked)
          : what === 'reassign'
            ? api.POST('/v1/leads/{leadId}:reassign', asked)
            : api.POST('/v1/leads/{leadId}:close', asked),
    )
    await Promise.all(['lead', 'leads'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  }

  if (!isOpen) return null
  const who = <TextInput label="Sales person" value={person} onChange={setPerson} help="As the directory of sales people has them." isRequired />
  const why = (known: string[]) => (
    <label className="field">
      <span className="label">Code</span>
      <input className="input" list="lead-codes" value={code} onChange={event => setCode(event.target.value)} required />
      <datalist id="lead-codes">
        {known.map(one => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <span className="help">{known.length > 0 ? `One of: ${known.join(', ')}.` : 'A code of the policy lifecycle.'}</span>
    </label>
  )
  const hasPerson = person.trim() !== ''
  const hasCode = code.trim() !== ''
  return (
    <>
      {lead.status === 'offered' && (
        <>
          <ActionDialog label="Accept" kind="primary" title="Accept the lead" confirm="Accept" isReady={hasPerson} onConfirm={() => order('accept')}>
            {who}
          </ActionDialog>
          <ActionDialog label="Reject" title="Reject the lead" confirm="Reject" isReady={hasPerson && hasCode} onConfirm={() => order('reject')}>
            <p>It goes to the next by the same rules, and the pool gets its turn back.</p>
            {who}
            {why(codes.reject)}
          </ActionDialog>
        </>
      )}
      <ActionDialog label="Reassign" title="Give the lead to somebody" confirm="Reassign" isReady={hasPerson} onConfirm={() => order('reassign')}>
        <p>A manager’s word, whatever the person’s capacity.</p>
        {who}
      </ActionDialog>
      <ActionDialog label="Close" kind="danger" title="Close the lead" confirm="Close" isReady={hasCode} onConfirm={() => order('close')}>
        {why(codes.close)}
      </ActionDialog>
    </>
  )
}
