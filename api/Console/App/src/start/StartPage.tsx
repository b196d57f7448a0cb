import { useState } from 'react'
import { AsCall, CopyButton } from '../frame/calls'
import { api, askFor } from '../frame/client'
import { TabLinks, useSearchState } from '../frame/navigation'
import { Button, Card, Notice, PageHead, ProblemNotice, TextInput } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { FirstEvent } from './FirstEvent'
import { type SnippetName, snippets } from './snippets'

const names = Object.keys(snippets) as SnippetName[]

/** From nothing to the first event, step by step. */
export default function StartPage() {
  const { caller } = useSession()
  const [key, setKey] = useState<string | null>(null)
  return (
    <>
      <PageHead title="Send a first event" about="Three steps: a key for the sender, a snippet for your site or server, and a look at what arrives." />
      <div className="stack" style={{ maxWidth: '56rem' }}>
        {isAdmin(caller) ? (
          <MakeKey made={key} onMade={setKey} />
        ) : (
          <Notice title="Keys are made by administrators">Ask one for a key with the role collect.</Notice>
        )}
        <Snippets writeKey={key ?? 'COLLECT_KEY'} />
        <FirstEvent />
      </div>
      <AsCall
        calls={[
          { method: 'POST', path: '/v1/keys', body: { name: 'web', roles: ['collect'] } },
          { method: 'POST', path: '/v1/track?wait=applied', body: { anonymousId: 'console-test', event: 'Console Tested' } },
        ]}
      />
    </>
  )
}

function MakeKey({ made, onMade }: { made: string | null; onMade: (key: string) => void }) {
  const [name, setName] = useState('web')
  const [error, setError] = useState<Error | null>(null)
  const make = async () => {
    try {
      const answer = await askFor<{ key: string }>(api.POST('/v1/keys', { body: { name: name.trim(), roles: ['collect'] } as never }))
      setError(null)
      onMade(answer.key)
    } catch (problem) {
      setError(problem as Error)
    }
  }
  return (
    <Card title="1. A key that may only send">
      <p className="soft">Its name is the source of what it sends. It may stand in a web page: it shows nobody anything.</p>
      <form
        className="row"
        style={{ alignItems: 'end' }}
        onSubmit={event => {
          event.preventDefault()
          void make()
        }}
      >
        <TextInput label="Name" value={name} onChange={setName} />
        <Button type="submit" kind={made ? undefined : 'primary'} isDisabled={name.trim() === ''}>
          Make a key
        </Button>
      </form>
      {error && <ProblemNotice error={error} />}
      {made && (
        <Notice kind="good" title="The key is made. It is shown now and never again" end={<CopyButton text={made} />}>
          <code>{made}</code>
        </Notice>
      )}
    </Card>
  )
}

function Snippets({ writeKey }: { writeKey: string }) {
  const [search] = useSearchState()
  const name = names.find(one => one === search.tab) ?? 'browser'
  const snippet = snippets[name]
  const text = snippet.text(location.origin, writeKey)
  return (
    <Card title="2. A snippet" end={<CopyButton text={text} />}>
      <TabLinks label="Where it runs" tabs={names.map(one => [one, snippets[one].label] as const)} current={name} />
      {snippet.install && (
        <p className="soft">
          First <code>{snippet.install}</code>
        </p>
      )}
      <pre tabIndex={0} aria-label="Snippet">
        {text}
      </pre>
    </Card>
  )
}
