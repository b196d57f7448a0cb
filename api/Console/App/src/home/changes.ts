import { api, askFor } from '../frame/client'

/** An entry of the audit log. */
export interface Entry {
  chain: number
  seq: number
  hash: string
  record: {
    id: string
    action: string
    at: string
    objectType?: string
    objectId?: string
    purpose?: string
    result?: string
    actor?: { kind: string; name: string; roles?: string }
    fields?: string[]
    [more: string]: unknown
  }
}

const shownMax = 12

/** What was done since midnight, by the viewer's clock, beside reading and what the grid decides by itself. */
export async function readChanges(): Promise<Entry[]> {
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  const page = await askFor<{ entries: Entry[] }>(
    api.GET('/v1/audit', { params: { query: { from: midnight.toISOString(), limit: 200 } } }),
  )
  return page.entries.filter(entry => !isLook(entry.record.action)).slice(0, shownMax)
}

/** Looks change nothing, and what the rules decide about each message is told with the customer. */
const isLook = (action: string) => /^(profile|decision)\.|\.(read|explained)$/.test(action)
