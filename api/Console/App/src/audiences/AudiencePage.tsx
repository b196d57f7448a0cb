import { useQuery } from '@tanstack/react-query'
import { AsCall, pathWith } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, TabLinks, usePathPart, usePurpose, useSearchState } from '../frame/navigation'
import { Chip, PageHead, ProblemNotice, ProblemPage, Waiting } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { MembersTab } from './MembersTab'
import { duration } from './parts'
import { SizeTab } from './SizeTab'
import { WhyTab } from './WhyTab'

const tabs = [
  ['size', 'Size and overlap'],
  ['members', 'Members'],
  ['why', 'Why in or out'],
] as const

/** One audience: how large it is and was, who is in it, and why somebody is in it or not. */
export default function AudiencePage() {
  const name = usePathPart('name')
  const purpose = usePurpose()
  const { caller } = useSession()
  const [search] = useSearchState()
  const tab = tabs.find(([one]) => one === search.tab)?.[0] ?? 'size'
  const { data, error, refetch } = useQuery({
    queryKey: ['audience', name],
    queryFn: () => ask(api.GET('/v1/audiences/{name}', { params: { path: { name } } })),
    refetchInterval: 5_000,
  })
  if (!data) return error ? <ProblemPage title={name} error={error} retry={() => void refetch()} /> : <Waiting rows={8} />
  const base = `/v1/audiences/${encodeURIComponent(name)}`
  const calls = {
    size: [{ path: `${base}/size` }, ...(search.other ? [{ path: `${base}/overlap/${encodeURIComponent(search.other)}` }] : [])],
    members: [{ path: pathWith(`${base}/members`, { purpose, limit: 100 }) }],
    why: [{ path: pathWith(`${base}/members/${encodeURIComponent(search.who ?? 'TYPE:VALUE')}`, { purpose }) }],
  }[tab]
  return (
    <>
      <PageHead
        title={<bdi>{name}</bdi>}
        about={
          <>
            {data.description && <span className="block">{data.description}</span>}
            <span className="row">
              <span>
                Of <bdi>{data.owner.team}</bdi> (<bdi>{data.owner.contact}</bdi>)
              </span>
              <Chip tone="violet">For {data.purpose}</Chip>
              <Go to="/audiences">All audiences</Go>
            </span>
          </>
        }
        end={
          isAdmin(caller) && (
            <Go to="/audiences" search={{ tab: 'definitions', audience: name }} className="button">
              Edit the definition
            </Go>
          )
        }
      />
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      <div className="tiles">
        <Tile label="Members" value={data.members.toLocaleString()} about="now" />
        <Tile
          label="Held out"
          value={data.heldOut.toLocaleString()}
          about={data.holdoutPercent > 0 ? `${data.holdoutPercent} % are, and nothing of them is delivered` : 'nobody is, by the definition'}
        />
        <Tile label="Known within" value={duration(data.freshnessSeconds)} about="to whoever is told of a change" />
        <Tile
          label="Stay at least"
          value={data.minimumStaySeconds > 0 ? duration(data.minimumStaySeconds) : '–'}
          about={data.minimumStaySeconds > 0 ? 'once they have entered' : 'they leave when the condition does not hold'}
        />
      </div>
      <TabLinks label="Parts of the audience" tabs={tabs} current={tab} />
      {tab === 'size' && <SizeTab name={name} />}
      {tab === 'members' && <MembersTab name={name} />}
      {tab === 'why' && <WhyTab name={name} />}
      <AsCall calls={calls} />
    </>
  )
}

const Tile = ({ label, value, about }: { label: string; value: string; about: string }) => (
  <div className="card tile">
    <span className="soft">{label}</span>
    <strong>{value}</strong>
    <span className="small soft">{about}</span>
  </div>
)
