import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { components } from '../frame/api'
import { api, ask } from '../frame/client'
import { type Condition, ConditionTree } from '../frame/ConditionTree'
import { customerPath, Go, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Notice, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Time } from '../frame/values'

type Why = components['schemas']['AudienceWhyAnswer']

/** Why one person is in it or not, with every value that was compared, and when that changes by itself. */
export function WhyTab({ name }: { name: string }) {
  const purpose = usePurpose()
  const [search, change] = useSearchState()
  const [text, setText] = useState(search.who ?? '')
  const who = search.who
  const { data, error, refetch, isPending } = useQuery({
    queryKey: ['audience', name, 'why', who, purpose],
    queryFn: () => ask(api.GET('/v1/audiences/{name}/members/{identifier}', { params: { path: { name, identifier: who! }, query: { purpose } } })),
    enabled: who !== undefined,
  })
  return (
    <div className="columns even">
      <Card title="Of whom">
        <form
          className="stack"
          onSubmit={event => {
            event.preventDefault()
            if (text.trim() === who) void refetch()
            else if (text.trim() !== '') change({ who: text.trim() })
          }}
        >
          <TextInput label="Identifier" value={text} onChange={setText} placeholder="email:jane@example.com" help="As type:value, or customer: and an id." />
          <div className="row">
            <Button type="submit" kind="primary" isDisabled={text.trim() === ''}>
              Say why
            </Button>
          </div>
        </form>
      </Card>
      <div className="stack" aria-live="polite">
        {who && isPending && !error && <Waiting />}
        {error instanceof Problem && error.status === 403 ? (
          <Notice title="The reasons are not for your role">They name values of the profile, so they are shown to whoever may see every field of it.</Notice>
        ) : (
          error && <ProblemNotice error={error} retry={() => void refetch()} />
        )}
        {data && !error && <Answer why={data} />}
      </div>
    </div>
  )
}

const Answer = ({ why }: { why: Why }) => (
  <Card
    title={why.isMember ? 'In the audience' : 'Not in the audience'}
    end={<Chip tone={why.isMember ? 'good' : 'plain'}>{why.isMember ? 'member' : 'no member'}</Chip>}
  >
    <dl className="keys">
      <dt>Customer</dt>
      <dd>
        <Go to={customerPath(`customer:${why.customerId}`)}>
          <code>{why.customerId}</code>
        </Go>
      </dd>
      {why.isMember && (
        <>
          <dt>Since</dt>
          <dd>
            <Time at={why.since} />
          </dd>
          <dt>Because of</dt>
          <dd>{causeOf(why.cause)}</dd>
        </>
      )}
      <dt>Changes by itself</dt>
      <dd>{why.changesAt ? <Time at={why.changesAt} /> : <span className="soft">never without a message</span>}</dd>
    </dl>
    {why.isHeldOut && <Notice title="Held out">The person counts as a member, and nothing of it is delivered.</Notice>}
    {why.isToBeCounted && <Notice title="Not counted yet">The definition is new, and this person’s events are still to be counted by it.</Notice>}
    <ConditionTree condition={why.if as unknown as Condition} />
  </Card>
)

const causes: Record<string, string> = {
  message: 'a message of the log, at',
  time: 'the end of a window',
  identity: 'a merge or split,',
  definition: 'the definition, version',
}

/** `message:3/1207` in words. */
function causeOf(cause: string | null) {
  if (!cause) return <span className="soft">nothing that was noted</span>
  const [kind, rest] = cause.split(/:(.*)/s, 2)
  const words = causes[kind]
  return words && rest ? (
    <>
      {words} {kind !== 'time' && <code>{rest}</code>}
    </>
  ) : (
    <code>{cause}</code>
  )
}
