import { useState } from 'react'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { useSearchState } from '../frame/navigation'
import { Button, Card, Notice, ProblemNotice, TextInput } from '../frame/parts'
import { Time } from '../frame/values'
import { DecisionPath } from './Decision'

interface Decided {
  policyVersion: string
  at: string
  decision: components['schemas']['RoutingDecisionAnswer']
}

const example = 'source: demo\nterritory: emea\nscore: 62'

/** Who would get a lead of these facts. Nothing is dealt and nothing is kept. */
export function DecideTab() {
  const [search, change] = useSearchState()
  const [text, setText] = useState(search.facts ?? example)
  const [at, setAt] = useState('')
  const [answer, setAnswer] = useState<Decided | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const body = { facts: factsOf(text), ...(at ? { at: new Date(at).toISOString() } : {}) }

  const decide = async () => {
    change({ facts: text }, true)
    try {
      setAnswer((await ask(api.POST('/v1/routing:decide', { body: body as never }))) as Decided)
      setError(null)
    } catch (problem) {
      setError(problem as Error)
    }
  }

  return (
    <>
      <div className="columns even">
        <Card title="Facts">
          <form
            className="stack"
            onSubmit={event => {
              event.preventDefault()
              void decide()
            }}
          >
            <TextInput label="One a line, as name: value" rows={9} value={text} onChange={setText} />
            <label className="field">
              <span className="label">At (now, if nothing is said)</span>
              <input className="input" type="datetime-local" value={at} onChange={event => setAt(event.target.value)} />
            </label>
            <div className="row">
              <Button type="submit" kind="primary">
                Decide
              </Button>
              <span className="soft small">Pools answer as if they had dealt nothing yet.</span>
            </div>
          </form>
        </Card>
        <div className="stack">
          {error && <ProblemNotice error={error} />}
          {answer ? (
            <>
              <p className="small soft">
                As of <Time at={answer.at} />, routing <code>{answer.policyVersion}</code>
              </p>
              <DecisionPath decision={answer.decision} />
            </>
          ) : (
            <Notice kind="good" title="Nothing is changed by trying">The answer names each rule, and the values that it compared.</Notice>
          )}
        </div>
      </div>
      <AsCall calls={[{ method: 'POST', path: '/v1/routing:decide', body }]} />
    </>
  )
}

/** Numbers, true, false and null are what they look like; all else is text. */
function factsOf(text: string): Record<string, unknown> {
  return Object.fromEntries(
    text
      .split('\n')
      .map(line => line.split(/:(.*)/s, 2).map(part => part.trim()))
      .filter(([name]) => name)
      .map(([name, value = '']) => [name, valueOf(value)]),
  )
}

function valueOf(text: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return { true: true, false: false, null: null }[text] ?? (text === 'null' ? null : text)
}
