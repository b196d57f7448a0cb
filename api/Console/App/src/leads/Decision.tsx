import type { components } from '../frame/api'
import { type Condition, ConditionTree, Outcome } from '../frame/ConditionTree'
import { Card, Chip } from '../frame/parts'

type Decision = components['schemas']['RoutingDecisionAnswer']

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
