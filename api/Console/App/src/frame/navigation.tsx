import { type AnyRouter, Link, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Search } from './router'

/** Links and the state that addresses hold. Addresses are texts here, since the pages are listed in one place and not known by type. */

interface GoProps {
  to: string
  search?: Search
  className?: string
  children: ReactNode
}

/** A link within the console. The purpose goes along. */
export const Go = ({ to, search, className, children }: GoProps) => (
  <Link<AnyRouter, string, string> to={to} search={search as never} className={className}>
    {children}
  </Link>
)

export const customerPath = (identifier: string) => `/customers/${encodeURIComponent(identifier)}`

export const identityPath = (identifier: string) => `/identity/${encodeURIComponent(identifier)}`

/** Two customers beside each other; the other may be chosen there. */
export const comparePath = '/compare'

/** What the address says, and how to say something else there. */
export function useSearchState(): [Search, (change: Search, replace?: boolean) => void] {
  const search = useRouterState({ select: state => state.location.search as Search })
  const navigate = useNavigate()
  const change = (next: Search, replace = false) =>
    void navigate({ to: '.', search: ((before: Search) => ({ ...before, ...next })) as never, replace })
  return [search, change]
}

/** A part of the path, decoded. */
export function usePathPart(name: string): string {
  const parts = useParams({ strict: false }) as Record<string, string | undefined>
  return parts[name] ?? ''
}

/** The purpose that is asked for; undefined: none is said. */
export function usePurpose(): string | undefined {
  return useSearchState()[0].purpose
}

interface TabsProps {
  label: string
  /** The name of the tab in the address; the first is the one without a name. */
  tabs: readonly (readonly [name: string, label: string])[]
  current: string
}

/** Tabs that are addresses, so that each can be linked and opened beside. */
export function TabLinks({ label, tabs, current }: TabsProps) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([name, text], index) => (
        <Link<AnyRouter, string, string>
          key={name}
          to="."
          search={((before: Search) => ({ purpose: before.purpose, q: before.q, tab: index === 0 ? undefined : name })) as never}
          aria-current={current === name ? 'page' : undefined}
          // Else a tab whose address is the beginning of another's would be marked, too.
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
