/** What the API answers of a customer. The description leaves these open, since what is in them depends on who asks. */

export interface Identifier {
  type: string
  value: string
  messageId?: string
  source?: string
  linkedAt?: string
  ruleVersion?: string
}

export interface Word {
  value: unknown
  source?: string
  trust?: string
  at?: string
  messageId?: string
  reason?: string
}

export interface Trait extends Word {
  rule?: { field: string; strategy: string }
  overruled?: Word[]
  ignored?: Word[]
}

export interface AccessNote {
  purpose?: string
  withheld: { field?: string; part?: string; because: string }[]
  masked: { field: string; mask: string; because: string }[]
}

/** The answer to `verbose=true`. A role that may not see sources gets bare values in place of traits. */
export interface Profile {
  customerId: string
  identifiers?: Identifier[]
  traits?: Record<string, unknown>
  absentTraits?: Record<string, unknown>
  consent?: Record<string, ConsentWord>
  audiences?: string[]
  accounts?: { groupId: string; firstAt?: string; lastAt?: string }[]
  events?: { kind: string; name?: string; count: number; firstAt: string; lastAt: string }[]
  lifecycle?: { firstSeenAt: string; lastSeenAt: string; messageCount: number }
  version?: number
  access?: AccessNote
}

export interface ConsentWord {
  status: string
  scope?: string
  basis?: string
  source?: string
  form?: string
  at?: string
  until?: string
  evidence?: string
  policyVersion?: string
  identifiers?: (Identifier & { status: string })[]
}

export interface Consent {
  customerId: string
  policyVersion?: string
  purposes: Record<string, ConsentWord>
}

export interface ConsentEntry extends ConsentWord {
  purpose: string
  covers?: Identifier[]
}

export interface TimelineEvent {
  type: string
  name: string | null
  timestamp: string
  receivedAt: string
  messageId: string
  source: string
  groupId?: string
  identifiers?: Identifier[]
  properties?: Record<string, unknown>
  traits?: Record<string, unknown>
  context?: Record<string, unknown>
}

export interface Timeline {
  customerId: string
  events: TimelineEvent[]
  next: string | null
}

export const isTrait = (value: unknown): value is Trait =>
  typeof value === 'object' && value !== null && 'source' in value && 'value' in value && 'at' in value

/** The mask of a field by the policy's list, whose patterns end in `.*` for all that is below. */
export function maskOf(access: AccessNote | undefined, field: string): string | undefined {
  return access?.masked.find(
    one => one.field === field || one.field === '*' || (one.field.endsWith('.*') && field.startsWith(one.field.slice(0, -1))),
  )?.mask
}

const order = ['email', 'user_id', 'phone', 'anonymous_id']

/** Whom one speaks of: their name, or the identifier that says most to a person. */
export function nameOf(profile: Profile): string {
  const text = (name: string) => {
    const value = profile.traits?.[name]
    const bare = isTrait(value) ? value.value : value
    return typeof bare === 'string' && bare !== '' && !maskOf(profile.access, name) ? bare : undefined
  }
  const full = text('name') ?? [text('firstName'), text('lastName')].filter(Boolean).join(' ')
  if (full) return full
  const known = profile.identifiers ?? []
  return order.map(type => known.find(one => one.type === type)?.value).find(Boolean) ?? known[0]?.value ?? profile.customerId
}
