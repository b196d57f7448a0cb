/** A person's request, as the API tells of it. */
export interface PrivacyRequest {
  id: string
  type: string
  status: string
  step?: string
  by: string
  requestId?: string
  askedAt: string
  dueAt: string
  doneAt?: string
  liftedAt?: string
  identifiers?: string[]
  candidates?: { customerId: string; shared: boolean; identifiers?: string[] }[]
  customers?: string[]
  proof?: unknown
  [more: string]: unknown
}

export interface Key {
  name: string
  status: string
  roles: string[]
  sources: string[]
  trust: string
  purposes: string[]
  origins: string[]
  addresses: string[]
  createdAt: string
  createdBy: string
  expiresAt: string | null
  requestsPerMinute: number | null
  requestsPerDay: number | null
  lastUsedOn: string | null
  secrets: { id: string; createdAt: string; until: string | null; lastUsedOn: string | null }[]
  key?: string
}
