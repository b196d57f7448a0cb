import { useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { nameOf, type Profile } from '../customers/types'
import { type ApiCall, AsCall, pathWith } from '../frame/calls'
import { api, ask, askFor } from '../frame/client'
import { Icon } from '../frame/icons'
import { customerPath, Go, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Time } from '../frame/values'
import { type Way, waysOf } from './ways'

/** Accounts of a name that are shown; the page of accounts has the others. */
const namesMax = 5

/** People of a name that are shown at first, and with each press of a button. */
const peopleMax = 20

/** Pages without anybody that are passed over by themselves. */
const emptyMax = 10

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
  const others = ways.filter(way => way.kind !== 'people')
  const named = ways.find(way => way.kind === 'people')
  const answers = useQueries({
    queries: others.map(way => ({ queryKey: ['find', way.kind, way.id, purpose], queryFn: () => look(way, purpose) })),
  })
  const people = useInfiniteQuery({
    queryKey: ['find', 'people', named?.id, purpose],
    queryFn: ({ pageParam }) => findPeople(named!.id, purpose, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    enabled: named !== undefined,
  })

  // Where frequent words meet in few people a page may be empty: a few more are asked for, as nobody can press a button under nothing.
  const pages = people.data?.pages ?? []
  const isToGoOn = people.hasNextPage && !people.isFetchingNextPage && !people.isError && pages.length < emptyMax && pages.every(page => page.profiles.length === 0)
  const goOn = people.fetchNextPage
  useEffect(() => {
    if (isToGoOn) void goOn()
  }, [isToGoOn, goOn, pages.length])

  const find = (event: FormEvent) => {
    event.preventDefault()
    change({ q: text.trim() || undefined })
  }

  // What was typed as it is comes first; then whoever is called so.
  const hits = [...answers.flatMap(answer => answer.data ?? []), ...(named ? (people.data?.pages ?? []).flatMap(page => page.profiles.map(one => hitOf(named, one))) : [])]
  // Several identifiers of one customer are one hit.
  const shown = hits.filter((hit, index) => hits.findIndex(one => one.to === hit.to) === index)
  const faults = [...answers, ...(named ? [people] : [])].flatMap(answer => (answer.error && !isNothing(answer.error) ? [answer.error] : []))
  const isBusy = answers.some(answer => answer.isPending) || (named !== undefined && people.isPending)

  return (
    <>
      <PageHead title="Find" about="A person by a name or any identifier, or an account by its id or name. The beginnings of words are enough, in any order; accents do not matter." />
      <form role="search" className="row" onSubmit={find} style={{ maxWidth: '44rem' }}>
        <div className="search-box" style={{ flex: 1 }}>
          <Icon name="find" />
          <input
            className="input"
            type="search"
            aria-label="Name, identifier, customer id, lead id or account"
            placeholder="jane do, jane@example.com, +49 30 1234567, user_id:jane, acme"
            autoFocus
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </div>
        <Button type="submit" kind="primary">
          Find
        </Button>
      </form>
      {faults[0] && <ProblemNotice error={faults[0]} retry={() => [...answers, people].forEach(answer => void answer.refetch())} />}
      {ways.length > 0 && (
        <Card flush>
          <div aria-live="polite">
            {shown.map(hit => (
              <HitRow key={hit.way.kind + hit.way.id + hit.to} hit={hit} />
            ))}
            {isBusy && <Waiting rows={2} />}
            {named && people.hasNextPage && (
              <div className="row hit-more">
                <Button onPress={() => void people.fetchNextPage()} isDisabled={people.isFetchingNextPage}>
                  More people of this name
                </Button>
              </div>
            )}
            {!isBusy && !people.hasNextPage && shown.length === 0 && faults.length === 0 && (
              <Empty title={`Nobody has “${search.q}”`}>
                <p>Looked for it as {ways.map(way => way.label).join(', ')}. Write type:value to look for another kind.</p>
                <p>Where your role sees names, or a kind of identifier, masked or not at all, nobody is found by them.</p>
              </Empty>
            )}
          </div>
        </Card>
      )}
      {ways.length > 0 && <AsCall calls={ways.map(way => callOf(way, purpose))} />}
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

interface Person {
  customerId: string
  name?: string
  firstName?: string
  lastName?: string
  identifiers: { type: string; value: string }[]
  lastSeenAt?: string
}

interface People {
  profiles: Person[]
  next: string | null
}

/** Who may not see names finds nobody by them, which is no fault. */
async function findPeople(name: string, purpose: string | undefined, cursor: string | undefined): Promise<People> {
  try {
    return await askFor<People>(api.POST('/v1/profiles:find', { params: { query: { purpose } }, body: { name, limit: peopleMax, cursor } as never }))
  } catch (error) {
    if (isWithheld(error) || isNoName(error)) return { profiles: [], next: null }
    throw error
  }
}

const hitOf = (way: Way, person: Person): Hit => ({
  way,
  to: customerPath(`customer:${person.customerId}`),
  title: person.name || [person.firstName, person.lastName].filter(Boolean).join(' ') || person.identifiers[0]?.value || person.customerId,
  about: person.identifiers.slice(0, 4).map(one => one.value),
  lastSeenAt: person.lastSeenAt,
})

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

/** It has no letter that counts, or is longer than a name. */
const isNoName = (error: unknown) => error instanceof Problem && (error.code === 'name_empty' || error.code === 'name_too_long')

/** There is nothing of the kind, or the text is none of the kind. */
const isNothing = (error: unknown) =>
  error instanceof Problem && (error.status === 404 || error.code === 'invalid_identifier' || error.code === 'role_missing')

const accountPath = (id: string) => `/accounts/${encodeURIComponent(id)}`

function callOf(way: Way, purpose: string | undefined): ApiCall {
  if (way.kind === 'people') return { method: 'POST', path: pathWith('/v1/profiles:find', { purpose }), body: { name: way.id, limit: peopleMax } }
  if (way.kind === 'accounts') return { path: pathWith('/v1/accounts', { name: way.id, purpose, limit: namesMax }) }
  const noun = { customer: 'profiles', account: 'accounts', lead: 'leads' }[way.kind]
  return { path: pathWith(`/v1/${noun}/${encodeURIComponent(way.id)}`, { purpose: way.kind === 'lead' ? undefined : purpose }) }
}
