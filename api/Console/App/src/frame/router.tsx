import { createRootRoute, createRoute, createRouter, retainSearchParams } from '@tanstack/react-router'
import { lazy } from 'react'
import { Frame } from './Frame'
import { LostPage, PageFault } from './LostPage'
import { pages, type Page } from './pages'
import { useSession } from './session'

/** What addresses hold beside the path. All of it is text; `purpose` goes along from page to page. */
export type Search = Record<string, string | undefined> & { purpose?: string }

const readSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)]),
  )

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <LostPage />,
  errorComponent: PageFault,
  validateSearch: readSearch,
  search: { middlewares: [retainSearchParams(['purpose'])] },
})

const routes = pages.map(page =>
  createRoute({ getParentRoute: () => root, path: page.path, component: guarded(page), errorComponent: PageFault }),
)

/** Shows the page only to who may see it. This is a courtesy: the API shows nothing that the caller may not see. */
function guarded(page: Page) {
  const Lazy = lazy(page.load)
  return function Guarded() {
    return page.may(useSession().caller) ? <Lazy /> : <LostPage isClosed />
  }
}

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  // Texts stay texts: an id of digits alone is no number.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: search => {
    const words = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return words.length === 0 ? '' : `?${new URLSearchParams(words.map(([name, value]) => [name, String(value)]))}`
  },
})
