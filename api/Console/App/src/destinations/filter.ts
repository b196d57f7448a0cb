import type { Search } from '../frame/router'

export const outcomes = [
  ['', 'All that is done'],
  ['sent', 'Sent'],
  ['withheld', 'Withheld'],
  ['failed', 'Dead letters'],
  ['waiting', 'Waiting'],
] as const

export type Outcome = 'sent' | 'withheld' | 'failed' | 'waiting'

/** What the address says of deliveries, as the API is asked. Days are the viewer's own, from midnight to midnight. */
export function filterOf(search: Search) {
  return {
    outcome: outcomes.map(([name]) => name as string).includes(search.outcome ?? '') ? (search.outcome as Outcome | undefined) : undefined,
    reason: search.reason,
    customer: search.customer,
    from: timeOf(search.from, 0),
    to: timeOf(search.to, 1),
  }
}

function timeOf(day: string | undefined, daysLater: number): string | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const time = new Date(`${day}T00:00:00`)
  time.setDate(time.getDate() + daysLater)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}
