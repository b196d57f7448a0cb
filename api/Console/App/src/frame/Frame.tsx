import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { type FormEvent, Suspense, useEffect, useRef, useState } from 'react'
import mark from './mark.svg'
import { Icon } from './icons'
import { useSearchState } from './navigation'
import { pages } from './pages'
import { Button, Chip, Waiting } from './parts'
import { type Caller, mayRead, useSession } from './session'
import { ThemeChoice } from './theme'

/** What is around every page: where one can go, who one is, and what the data is asked for. */
export function Frame() {
  const { caller, answer } = useSession()
  const [isOpen, setOpen] = useState(false)
  const path = useRouterState({ select: state => state.location.pathname })
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)

  useEffect(() => {
    setOpen(false)
    if (before.current === path) return
    before.current = path
    // A new page begins at its top, also for who hears it.
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [path])

  return (
    <div className="frame">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <nav
        className={isOpen ? 'nav open' : 'nav'}
        id="nav"
        aria-label="Pages"
        onKeyDown={event => event.key === 'Escape' && setOpen(false)}
      >
        <Link to="/" className="brand">
          <img src={mark} alt="" /> Customer 360
        </Link>
        <ul>
          {pages
            .filter(page => page.label && page.may(caller))
            .map(page => (
              <li key={page.path}>
                <Link to={page.path} activeOptions={{ exact: page.path === '/', includeSearch: false }}>
                  {page.icon && <Icon name={page.icon} />}
                  {page.label}
                </Link>
              </li>
            ))}
        </ul>
        <div className="nav-foot inline-links">
          <ThemeChoice />
          {answer.docs && <a href={answer.docs}>Try the API</a>}
          <a href="/openapi/v1.json">OpenAPI description</a>
          <a href="/assets/licenses.txt">Licences</a>
        </div>
      </nav>
      <header className="top">
        <span className="menu-button">
          <Button kind="quiet icon" aria-label="Pages" aria-expanded={isOpen} aria-controls="nav" onPress={() => setOpen(!isOpen)}>
            <Icon name="menu" />
          </Button>
        </span>
        {mayRead(caller) && <QuickFind />}
        <div className="top-end">
          <PurposeChoice caller={caller} />
          <Who />
        </div>
      </header>
      <main className="page" id="page" tabIndex={-1} ref={main} style={{ outline: 'none' }}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  )
}

function QuickFind() {
  const navigate = useNavigate()
  const [search] = useSearchState()
  const isThere = useRouterState({ select: state => state.location.pathname === '/find' })
  const [text, setText] = useState('')
  const find = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    void navigate({ to: '/find', search: { purpose: search.purpose, q: text.trim() } as never })
    setText('')
  }
  // The page has the same box, larger.
  if (isThere) return null
  return (
    <form role="search" onSubmit={find}>
      <div className="search-box">
        <Icon name="find" size={16} />
        <input
          className="input"
          type="search"
          aria-label="Find a customer or an account"
          placeholder="Name, e-mail, phone, type:value, account"
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </div>
    </form>
  )
}

function PurposeChoice({ caller }: { caller: Caller }) {
  const [search, change] = useSearchState()
  const purpose = search.purpose ?? ''
  if (!mayRead(caller)) return null
  if (caller.purposes.length === 1 && caller.needsPurpose) return <Chip tone="violet">For {caller.purposes[0]}</Chip>
  if (caller.purposes.length === 0) return null
  const isOwn = purpose === '' || caller.purposes.includes(purpose)
  return (
    <select
      className="input"
      style={{ width: 'auto', maxWidth: '13rem' }}
      aria-label="Purpose: what the data is for"
      value={purpose}
      onChange={event => change({ purpose: event.target.value || undefined })}
    >
      <option value="">{caller.needsPurpose ? 'Choose a purpose' : 'No purpose stated'}</option>
      {!isOwn && <option value={purpose}>{purpose} (not yours)</option>}
      {caller.purposes.map(one => (
        <option key={one} value={one}>
          For {one}
        </option>
      ))}
    </select>
  )
}

function Who() {
  const { caller, signOut } = useSession()
  return (
    <div className="row" style={{ flexWrap: 'nowrap' }}>
      <span className="who wide-only" title={`Roles: ${caller.roles.join(', ')}`}>
        <bdi>{caller.name}</bdi>
      </span>
      <Chip tone="accent">{caller.roles.length > 2 ? `${caller.roles[0]} +${caller.roles.length - 1}` : caller.roles.join(', ')}</Chip>
      <Button kind="quiet icon" aria-label="Sign out" onPress={() => void signOut()}>
        <Icon name="out" />
      </Button>
    </div>
  )
}
