import { useInfiniteQuery } from '@tanstack/react-query'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask } from '../frame/client'
import { TabLinks, useSearchState } from '../frame/navigation'
import { Button, Card, Choice, Empty, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { BackTestTab } from './BackTestTab'
import { Board } from './Board'
import { DecideTab } from './DecideTab'
import { FairnessTab } from './FairnessTab'
import { LeadTable } from './LeadTable'
import { TeamTab } from './TeamTab'

const everyone = [
  ['board', 'Board'],
  ['list', 'List'],
  ['fairness', 'Fairness'],
  ['team', 'Team'],
] as const
const administrators = [...everyone, ['decide', 'Try a decision'], ['backtest', 'Back test']] as const

const states = [
  ['open', 'Open'],
  ['', 'All'],
  ['due', 'With a deadline'],
] as const

/** The leads that there are, who has them, and whether they are shared out fairly. */
export default function LeadsPage() {
  const { caller } = useSession()
  const [search] = useSearchState()
  const tabs = isAdmin(caller) ? administrators : everyone
  const tab = tabs.find(([name]) => name === search.tab)?.[0] ?? 'board'
  return (
    <>
      <PageHead title="Leads and routing" about="Leads by stage and deadline, why each is where it is, and what other facts would have come to." />
      <TabLinks label="Leads and routing" tabs={tabs} current={tab} />
      {(tab === 'board' || tab === 'list') && <Leads isBoard={tab === 'board'} />}
      {tab === 'fairness' && <FairnessTab />}
      {tab === 'team' && <TeamTab />}
      {tab === 'decide' && <DecideTab />}
      {tab === 'backtest' && <BackTestTab />}
    </>
  )
}

function Leads({ isBoard }: { isBoard: boolean }) {
  const [search, change] = useSearchState()
  const state = search.state ?? 'open'
  const query = {
    limit: 100,
    open: state === 'open' ? true : undefined,
    due: state === 'due' ? new Date(Date.now() + 365 * 86_400_000).toISOString() : undefined,
    stage: search.stage,
    owner: search.owner,
    queue: search.queue,
  }
  const list = useInfiniteQuery({
    queryKey: ['leads', state, search.stage, search.owner, search.queue],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(api.GET('/v1/leads', { params: { query: { ...query, cursor: pageParam } } })),
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: 15_000,
  })
  const leads = list.data?.pages.flatMap(page => page.leads) ?? []
  return (
    <>
      <div className="filters">
        <Choice label="Which" value={state} options={states} onChange={value => change({ state: value === 'open' ? undefined : value || 'all' }, true)} />
        <Filter name="owner" label="Owner" />
        <Filter name="queue" label="Queue" />
        <Filter name="stage" label="Stage" />
      </div>
      {list.error && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? (
        <Waiting rows={6} />
      ) : leads.length === 0 && !list.error ? (
        <Card>
          <Empty title="No such lead">
            The policy lifecycle says who is a lead; without its <code>begins</code> nobody is.
          </Empty>
        </Card>
      ) : isBoard ? (
        <Board leads={leads} />
      ) : (
        <LeadTable leads={leads} />
      )}
      {list.hasNextPage && (
        <div className="row">
          <Button onPress={() => void list.fetchNextPage()}>Show more leads</Button>
          <span className="soft">{leads.length} are shown.</span>
        </div>
      )}
      <AsCall calls={[{ path: pathWith('/v1/leads', { ...query, limit: 100 }) }]} />
    </>
  )
}

function Filter({ name, label }: { name: 'owner' | 'queue' | 'stage'; label: string }) {
  const [search, change] = useSearchState()
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input className="input" value={search[name] ?? ''} onChange={event => change({ [name]: event.target.value || undefined }, true)} />
    </label>
  )
}
