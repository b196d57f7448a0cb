import type { ComponentType } from 'react'
import type { IconName } from './icons'
import { type Caller, isAdmin, mayDo, mayRead } from './session'

/**
 * The pages of the console. A new one is a folder of its noun and a line here; its first word also stands in `ConsolePages.cs`, so that
 * the API answers its address.
 */
export interface Page {
  path: string
  /** In the navigation; a page without one is reached from others. */
  label?: string
  icon?: IconName
  /** Who may see it; for others it says so, and it is not in the navigation. The API refuses them anyway. */
  may: (caller: Caller) => boolean
  load: () => Promise<{ default: ComponentType }>
}

export const pages: Page[] = [
  { path: '/', label: 'Home', icon: 'home', may: () => true, load: () => import('../home/HomePage') },
  { path: '/find', label: 'Find', icon: 'find', may: mayRead, load: () => import('../find/FindPage') },
  { path: '/customers/$identifier', may: mayRead, load: () => import('../customers/CustomerPage') },
  { path: '/identity', label: 'Identity', icon: 'identity', may: isAdmin, load: () => import('../identity/IdentityPage') },
  { path: '/identity/$identifier', may: mayRead, load: () => import('../identity/ExplainPage') },
  { path: '/compare', may: mayRead, load: () => import('../identity/ComparePage') },
  { path: '/leads', label: 'Leads', icon: 'leads', may: caller => mayDo(caller, 'leads'), load: () => import('../leads/LeadsPage') },
  { path: '/leads/$leadId', may: caller => mayDo(caller, 'leads'), load: () => import('../leads/LeadPage') },
  {
    path: '/audiences',
    label: 'Audiences',
    icon: 'audiences',
    may: caller => mayDo(caller, 'audiences'),
    load: () => import('../audiences/AudiencesPage'),
  },
  { path: '/audiences/$name', may: caller => mayDo(caller, 'audiences'), load: () => import('../audiences/AudiencePage') },
  { path: '/destinations', label: 'Destinations', icon: 'destinations', may: isAdmin, load: () => import('../destinations/DestinationsPage') },
  { path: '/destinations/$name', may: isAdmin, load: () => import('../destinations/DestinationPage') },
  { path: '/policies', label: 'Policies', icon: 'policies', may: isAdmin, load: () => import('../policies/PoliciesPage') },
  { path: '/policies/$kind', may: isAdmin, load: () => import('../policies/PolicyPage') },
  {
    path: '/privacy',
    label: 'Privacy',
    icon: 'privacy',
    may: caller => mayDo(caller, 'privacy') || mayRead(caller),
    load: () => import('../privacy/PrivacyPage'),
  },
  { path: '/accounts', label: 'Accounts', icon: 'accounts', may: mayRead, load: () => import('../accounts/AccountsPage') },
  { path: '/accounts/$groupId', may: mayRead, load: () => import('../accounts/AccountPage') },
  { path: '/sources', label: 'Sources', icon: 'sources', may: isAdmin, load: () => import('../sources/SourcesPage') },
  { path: '/cluster', label: 'Cluster', icon: 'cluster', may: isAdmin, load: () => import('../cluster/ClusterPage') },
  { path: '/start', label: 'First event', icon: 'start', may: isAdmin, load: () => import('../start/StartPage') },
]
