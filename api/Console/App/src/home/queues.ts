import { api, ask, askFor } from '../frame/client'
import { type Caller, isAdmin, mayDo } from '../frame/session'

/** Something that waits for somebody, counted by what the API lists: beyond a page the count says "and more". */
export interface Queue {
  name: string
  about: string
  /** The page where it is worked off. */
  to: string
  /** The call that lists it. */
  path: string
  may: (caller: Caller) => boolean
  read: () => Promise<Waiting>
}

interface Waiting {
  count: number
  isMore?: boolean
  oldest?: string
  isLate?: boolean
  note?: string
}

interface PrivacyRequest {
  status: string
  askedAt: string
  dueAt?: string
}

const limit = 100

export const queues: Queue[] = [
  {
    name: 'Open leads',
    about: 'nobody waits for an answer',
    to: '/leads',
    path: `/v1/leads?open=true&limit=${limit}`,
    may: caller => mayDo(caller, 'leads'),
    read: async () => {
      const page = await ask(api.GET('/v1/leads', { params: { query: { open: true, limit } } }))
      const late = page.leads.filter(lead => lead.dueAt && new Date(lead.dueAt) < new Date()).length
      return { count: page.leads.length, isMore: page.next !== null, isLate: late > 0, note: late > 0 ? `${late} past due` : 'none past due' }
    },
  },
  {
    name: 'Quarantined values',
    about: 'no value gathers everyone',
    to: '/identity',
    path: `/v1/quarantine/identifiers?limit=${limit}`,
    may: isAdmin,
    read: async () => {
      const page = await ask(api.GET('/v1/quarantine/identifiers', { params: { query: { limit } } }))
      return { count: page.identifiers.length, isMore: page.next !== null, oldest: page.identifiers.at(-1)?.quarantinedAt ?? undefined }
    },
  },
  {
    name: 'Held messages',
    about: 'all could be applied',
    to: '/identity?tab=messages',
    path: `/v1/quarantine/messages?limit=${limit}`,
    may: isAdmin,
    read: async () => {
      const page = await ask(api.GET('/v1/quarantine/messages', { params: { query: { limit } } }))
      return { count: page.messages.length, isMore: page.next !== null }
    },
  },
  {
    name: 'Dead letters',
    about: 'all was delivered',
    to: '/destinations',
    path: '/v1/destinations',
    may: isAdmin,
    read: async () => {
      const { destinations } = await ask(api.GET('/v1/destinations'))
      const stopped = destinations.filter(one => one.status !== 'running' || one.lateSince !== null)
      return {
        count: destinations.reduce((sum, one) => sum + one.failed, 0),
        isLate: stopped.length > 0,
        note: stopped.length > 0 ? `${stopped[0].name} ${stopped[0].status === 'running' ? 'is late' : 'does not send'}` : undefined,
      }
    },
  },
  {
    name: 'Privacy requests',
    about: 'none is open',
    to: '/privacy',
    path: `/v1/privacy/requests?limit=${limit}`,
    may: caller => mayDo(caller, 'privacy'),
    read: async () => {
      const page = await askFor<{ requests: PrivacyRequest[]; next: string | null }>(
        api.GET('/v1/privacy/requests', { params: { query: { limit } } }),
      )
      const open = page.requests.filter(one => one.status !== 'done' && one.status !== 'cancelled')
      const isLate = open.some(one => one.dueAt && new Date(one.dueAt) < new Date())
      return { count: open.length, isMore: page.next !== null, oldest: open.at(-1)?.askedAt, isLate }
    },
  },
  {
    name: 'Policies to approve',
    about: 'no proposal waits',
    to: '/policies',
    path: '/v1/policies',
    may: isAdmin,
    read: async () => {
      const { policies } = await ask(api.GET('/v1/policies'))
      return { count: policies.reduce((sum, one) => sum + one.proposals, 0) }
    },
  },
  {
    name: 'Jobs under way',
    about: 'nothing runs',
    to: '/cluster',
    path: '/v1/jobs',
    may: isAdmin,
    read: async () => {
      const { jobs } = await ask(api.GET('/v1/jobs'))
      return { count: jobs.filter(job => job.status === 'running').length }
    },
  },
]
