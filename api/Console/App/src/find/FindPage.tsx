import { useQueries } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { nameOf, type Profile } from '../customers/types'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask, askFor } from '../frame/client'
import { Icon } from '../frame/icons'
import { customerPath, Go, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Time } from '../frame/values'
import { type Way, waysOf } from './ways'

/** Accounts of a name that are shown; the page of accounts has the others. */
const namesMax = 5

interface Hit {
  way: Way
  to: string
  title: string
  about: string[]
  lastSeenAt?: string
}

/** One box for whatever somebody has at hand. */
export default function FindPage() {
  const [search, change] = useSearchState()
  const purpose = usePurpose()
  const [text, setText] = useState(search.q ?? '')
  const ways = waysOf(search.q ?? '')
  const answers = useQueries({
    queries: ways.map(way => ({ queryKey: ['find', way.kind, way.id, purpose], queryFn: () => look(way, purpose) })),
  })

  const find = (event: FormEvent) => {
    event.preventDefault()
    change({ q: text.trim() || undefined })
  }

  const hits = answers.flatMap(answer => answer.data ?? [])
  // Several identifiers of one customer are one hit.
  const shown = hits.filter((hit, index) => hits.findIndex(one => one.to === hit.to) === index)
  const faults = answers.flatMap(answer => (answer.error && !isNothing(answer.error) ? [answer.error] : []))
  const isBusy = answers.some(answer => answer.isPending)

  return (
    <>
      <PageHead title="Find" about="A customer by any of their identifiers, or an account by its id or the beginning of its name. Names of people are not searched." />
      <form role="search" className="row" onSubmit={find} style={{ maxWidth: '44rem' }}>
        <div className="search-box" style={{ flex: 1 }}>
          <Icon name="find" />
          <input
            className="input"
            type="search"
            aria-label="Identifier, customer id, lead id, account or its name"
            placeholder="jane@example.com, +49 30 1234567, user_id:jane, c_…, acme"
            autoFocus
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </div>
        <Button type="submit" kind="primary">
          Find
        </Button>
      </form>
      {faults[0] && <ProblemNotice error={faults[0]} retry={() => answers.forEach(answer => void answer.refetch())} />}
      {ways.length > 0 && (
        <Card flush>
          <div aria-live="polite">
            {shown.map(hit => (
              <HitRow key={hit.way.kind + hit.way.id + hit.to} hit={hit} />
            ))}
            {isBusy && <Waiting rows={2} />}
            {!isBusy && shown.length === 0 && faults.length === 0 && (
              <Empty title={`Nobody has “${search.q}”`}>
                <p>Looked for it as {ways.map(way => way.label).join(', ')}. Write type:value to look for another kind.</p>
                <p>Where your role sees a kind of identifier masked or not at all, nobody is found by it.</p>
              </Empty>
            )}
          </div>
        </Card>
      )}
      {ways.length > 0 && <AsCall calls={ways.map(way => ({ path: pathOf(way, purpose) }))} />}
    </>
  )
}

function HitRow({ hit }: { hit: Hit }) {
  return (
    <Go to={hit.to} className="hit">
      <Icon name={hit.way.kind === 'account' || hit.way.kind === 'accounts' ? 'accounts' : hit.way.kind === 'lead' ? 'leads' : 'customers'} />
      <span className="wrap" style={{ flex: 1, minWidth: 0 }}>
        <strong>
          <bdi>{hit.title}</bdi>
        </strong>
        <br />
        <span className="soft small">
          <bdi>{hit.about.join(' · ')}</bdi>
        </span>
      </span>
      {hit.lastSeenAt && (
        <span className="soft small wide-only">
          seen <Time at={hit.lastSeenAt} relative />
        </span>
      )}
      <Chip>{hit.way.label}</Chip>
    </Go>
  )
}

async function look(way: Way, purpose: string | undefined): Promise<Hit[]> {
  try {
    if (way.kind === 'lead') {
      const lead = await ask(api.GET('/v1/leads/{leadId}', { params: { path: { leadId: way.id } } }))
      return [{ way, to: `/leads/${way.id}`, title: way.id, about: [lead.stage ?? '', lead.status ?? ''] }]
    }
    if (way.kind === 'account') {
      const account = await ask(
        api.GET('/v1/accounts/{groupId}', { params: { path: { groupId: way.id }, query: { purpose, limit: 1 } } }),
      )
      return [{ way, to: accountPath(way.id), title: way.id, about: [`${account.memberCount ?? 0} members`] }]
    }
    if (way.kind === 'accounts') {
      const found = await ask(api.GET('/v1/accounts', { params: { query: { name: way.id, purpose, limit: namesMax } } }))
      return found.accounts.map(one => ({ way, to: accountPath(one.groupId), title: one.name ?? one.groupId, about: [one.groupId, ...(one.domains ?? [])] }))
    }
    const profile = await askFor<Profile>(
      api.GET('/v1/profiles/{identifier}', { params: { path: { identifier: way.id }, query: { purpose } } }),
    )
    return [
      {
        way,
        to: customerPath(`customer:${profile.customerId}`),
        title: nameOf(profile),
        about: (profile.identifiers ?? []).slice(0, 4).map(one => one.value),
        lastSeenAt: profile.lifecycle?.lastSeenAt,
      },
    ]
  } catch (error) {
    if (isNothing(error) || (way.kind === 'accounts' && isWithheld(error))) return []
    throw error
  }
}

/** Who may not see names may not search by them. */
const isWithheld = (error: unknown) => error instanceof Problem && error.status === 403

/** There is nothing of the kind, or the text is none of the kind. */
const isNothing = (error: unknown) =>
  error instanceof Problem && (error.status === 404 || error.code === 'invalid_identifier' || error.code === 'role_missing')

const accountPath = (id: string) => `/accounts/${encodeURIComponent(id)}`

const pathOf = (way: Way, purpose: string | undefined) =>
  way.kind === 'accounts'
    ? pathWith('/v1/accounts', { name: way.id, purpose, limit: namesMax })
    : pathWith(`/v1/${{ customer: 'profiles', account: 'accounts', lead: 'leads' }[way.kind]}/${encodeURIComponent(way.id)}`, {
        purpose: way.kind === 'lead' ? undefined : purpose,
      })
