import { AsCall, pathWith } from '../frame/calls'
import { comparePath, Go, identityPath, TabLinks, usePathPart, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Chip, PageHead, ProblemNotice, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { ConsentTab } from './ConsentTab'
import { Overview } from './Overview'
import { useProfile } from './queries'
import { TimelineTab } from './TimelineTab'
import { nameOf } from './types'

const tabs = [
  ['profile', 'Profile'],
  ['timeline', 'Timeline'],
  ['consent', 'Consent'],
] as const

/** All that is known of one person, as far as the caller may see it. */
export default function CustomerPage() {
  const identifier = usePathPart('identifier')
  const purpose = usePurpose()
  const [search, change] = useSearchState()
  const tab = tabs.find(([name]) => name === search.tab)?.[0] ?? 'profile'
  const isLive = search.live === '1'
  const { data: profile, error, refetch } = useProfile(identifier, purpose, isLive)

  if (!profile) return error ? <NoCustomer identifier={identifier} error={error} retry={() => void refetch()} /> : <Waiting rows={8} />
  const base = `/v1/profiles/${encodeURIComponent(identifier)}`
  const calls = {
    profile: [{ path: pathWith(base, { purpose, verbose: true }) }],
    timeline: [{ path: pathWith(`${base}/timeline`, { purpose, limit: 100, from: search.from, to: search.to, order: search.order }) }],
    consent: [{ path: pathWith(`${base}/consent`, { purpose }) }, { path: pathWith(`${base}/consent/history`, { purpose }) }],
  }[tab]

  return (
    <>
      <PageHead
        title={<bdi>{nameOf(profile)}</bdi>}
        about={
          <span className="row">
            <code>{profile.customerId}</code>
            {profile.lifecycle && (
              <span>
                seen <Time at={profile.lifecycle.firstSeenAt} /> to <Time at={profile.lifecycle.lastSeenAt} relative />,{' '}
                {profile.lifecycle.messageCount} messages
              </span>
            )}
            {profile.access?.purpose && <Chip tone="violet">For {profile.access.purpose}</Chip>}
          </span>
        }
        end={
          <>
            <Button aria-pressed={isLive} onPress={() => change({ live: isLive ? undefined : '1' }, true)}>
              {isLive ? 'Stop following' : 'Follow changes'}
            </Button>
            <Go to={identityPath(`customer:${profile.customerId}`)} className="button">
              Why one person?
            </Go>
            <Go to={comparePath} search={{ one: `customer:${profile.customerId}`, purpose }} className="button">
              Compare
            </Go>
          </>
        }
      />
      {error && <ProblemNotice error={error} retry={() => void refetch()} />}
      <TabLinks label="Parts of the profile" tabs={tabs} current={tab} />
      {tab === 'profile' && <Overview profile={profile} identifier={identifier} />}
      {tab === 'timeline' && <TimelineTab identifier={identifier} purpose={purpose} isLive={isLive} />}
      {tab === 'consent' && <ConsentTab identifier={identifier} purpose={purpose} />}
      <AsCall calls={calls} />
    </>
  )
}

function NoCustomer({ identifier, error, retry }: { identifier: string; error: Error; retry: () => void }) {
  return (
    <>
      <PageHead title={<bdi>{identifier}</bdi>} />
      <ProblemNotice error={error} retry={retry} />
      <p>
        <Go to="/find" search={{ q: identifier }}>
          Find somebody else
        </Go>
      </p>
    </>
  )
}
