import { Value } from '../frame/values'
import type { Comparison } from './useChecked'

/** What the policy decides otherwise than the one in force. Comments are not in it. */
export function Changes({ comparison }: { comparison: Comparison }) {
  const changes = comparison.changes ?? []
  return (
    <div className="stack tight">
      <p>
        <strong>It is valid</strong>, version <code>{comparison.version}</code>.{' '}
        {comparison.changes === null
          ? 'Too much differs to be listed.'
          : changes.length === 0
            ? 'It decides the same as the one in force.'
            : `${changes.length} ${changes.length === 1 ? 'thing differs' : 'things differ'}:`}
      </p>
      {comparison.warnings.map((warning, index) => (
        <p key={index} className="small">
          Line {warning.line}: {warning.message}
        </p>
      ))}
      <ul className="stack tight changes">
        {changes.slice(0, 100).map(change => (
          <li key={change.path} className="small wrap">
            <code>{change.path}</code>
            <br />
            <del>
              <Value value={change.before} />
            </del>{' '}
            → <ins>
              <Value value={change.after} />
            </ins>
          </li>
        ))}
      </ul>
    </div>
  )
}
