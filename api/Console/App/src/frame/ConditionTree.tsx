import { Chip, type Tone } from './parts'
import { Time, Value } from './values'

/** A condition as it was asked: each part with what was wanted and what there was. */
export interface Condition {
  form: string
  outcome: string
  fact?: string
  wanted?: unknown[]
  actual?: unknown
  because?: string
  changesAt?: string
  parts?: Condition[]
}

const tones: Record<string, Tone> = { fired: 'good', true: 'good', false: 'plain', unknown: 'warn' }
const marks: Record<string, string> = { fired: '→', true: '✓', false: '✕', unknown: '?' }

export const Outcome = ({ outcome }: { outcome: string }) => (
  <Chip tone={tones[outcome] ?? 'plain'}>
    <span aria-hidden="true">{marks[outcome]}</span> {outcome}
  </Chip>
)

/** Each part of a condition with what was compared, and when it comes to something else by itself. */
export function ConditionTree({ condition }: { condition: Condition }) {
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
        {condition.changesAt && (
          <>
            , changes by itself <Time at={condition.changesAt} />
          </>
        )}
      </span>
    </div>
  )
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
