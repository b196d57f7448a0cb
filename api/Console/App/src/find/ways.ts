/** What somebody may have meant by what they typed: each is looked up. */
export interface Way {
  kind: 'customer' | 'people' | 'account' | 'accounts' | 'lead'
  /** `type:value` of a customer, the id of an account or a lead, or words of a name. */
  id: string
  label: string
}

const typed = /^[a-z][a-z0-9_.@-]{0,60}:.+$/i

/** A name needs a letter. */
const lettered = /\p{L}/u

export function waysOf(text: string): Way[] {
  const asked = text.trim()
  if (asked === '') return []
  const customer = (type: string, label: string): Way => ({ kind: 'customer', id: `${type}:${asked}`, label })
  if (/^c_[0-9a-z]+$/.test(asked)) return [customer('customer', 'customer id')]
  if (/^l_[0-9a-f]{32}$/.test(asked)) return [{ kind: 'lead', id: asked, label: 'lead id' }]
  if (typed.test(asked)) return [{ kind: 'customer', id: asked, label: 'identifier' }, { kind: 'account', id: asked, label: 'account' }]
  if (asked.includes('@')) return [customer('email', 'e-mail'), customer('user_id', 'user id')]
  const people: Way[] = lettered.test(asked) ? [{ kind: 'people', id: asked, label: 'name' }] : []
  const other: Way[] = [
    ...people,
    customer('user_id', 'user id'),
    customer('anonymous_id', 'device'),
    { kind: 'account', id: asked, label: 'account' },
    { kind: 'accounts', id: asked, label: 'account’s name' },
  ]
  return /^\+?[\d\s().\/-]{5,}$/.test(asked) ? [customer('phone', 'phone'), ...other] : other
}
