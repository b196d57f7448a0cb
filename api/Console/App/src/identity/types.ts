/** The answer to "why is this one customer?", as the API gives it. */

export interface Evidence {
  messageId: string
  source: string
  at: string
  ruleVersion?: string
  mergeId?: string
  confidence?: string
}

export interface ExplainedIdentifier {
  type: string
  value: string
  evidence: Evidence[]
}

export interface HistoryEntry {
  kind: string
  id: string
  at: string
  customerId: string
  otherCustomerId?: string
  mergeId?: string
  undoneMergeId?: string
  messageId?: string
  source?: string
  ruleVersion?: string
  because?: string
  reason?: string
  by?: string
  identifiers?: string[]
}

export interface Explanation {
  customerId: string
  identifiers?: ExplainedIdentifier[]
  history: HistoryEntry[]
  next?: string | null
  truncated?: boolean
}

export const nameOf = (one: { type: string; value: string }) => `${one.type}:${one.value}`
