import type { components } from '../frame/api'
import { Card, Chip, type Tone } from '../frame/parts'
import { Value } from '../frame/values'

type Decision = components['schemas']['RoutingDecisionAnswer']

/** A condition as it was asked: each part with what was wanted and what there was. */
interface Condition {
  form: string
  outcome: string
  fact?: string
  wanted?: unknown[]
  actual?: unknown
  because?: string
  parts?: Condition[]
}

const tones: Record<string, Tone> = { fired: 'good', true: 'good', false: 'plain', unknown: 'warn' }
const marks: Record<string, string> = { fired: '→', true: '✓', false: '✕', unknown: '?' }

const Outcome = ({ outcome }: { outcome: string }) => (
  <Chip tone={tones[outcome] ?? 'plain'}>
    <span aria-hidden="true">{marks[outcome]}</span> {outcome}
  </Chip>
)

/** Who gets the lead, and every rule on the way with the values that were compared. */
export function DecisionPath({ decision }: { decision: Decision }) {
  return (
    <Card title="The way through the rules">
      <p>
        <strong>{decision.outcome}</strong> {decision.person ?? decision.queue ?? ''}{' '}
        <span className="soft">
          {decision.pool && `of the pool ${decision.pool} `}
          {decision.turn && `(${decision.turn}) `}
          {decision.rule && `by the rule ${decision.rule}`}
        </span>
      </p>
      {decision.answers.length > 0 && (
        <ul className="row">
          {decision.answers.map((answer, index) => (
            <li key={index}>
              <Chip tone="accent">
                {answer.situation}: {answer.answer} {answer.name ?? answer.person ?? ''}
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <ol className="rules">
        {decision.rules.map((rule, index) => (
          <li key={`${rule.rule} ${index}`} className={rule.outcome === 'fired' ? 'fired' : undefined}>
            <div className="row">
              <span className="soft number">{index + 1}</span>
              <strong>{rule.rule}</strong>
              <Outcome outcome={rule.outcome} />
            </div>
            <ConditionTree condition={rule.if as unknown as Condition} />
          </li>
        ))}
      </ol>
    </Card>
  )
}

function ConditionTree({ condition }: { condition: Condition }) {
  if (condition.parts) {
    return (
      <div className="condition">
        <span className="small">
          <Outcome outcome={condition.outcome} /> {condition.form} of
        </span>
        <ul>
          {condition.parts.map((part, index) => (
            <li key={index}>
              <ConditionTree condition={part} />
            </li>
          ))}
        </ul>
      </div>
    )
  }
  return (
    <div className="condition small wrap">
      <Outcome outcome={condition.outcome} /> <code>{condition.fact}</code> {condition.form}{' '}
      <code>{(condition.wanted ?? []).map(text).join(', ')}</code>
      <span className="soft">
        {' '}
        was <Value value={condition.actual} />
        {condition.because && ` (${condition.because})`}
      </span>
    </div>
  )
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
