import { Go } from '../frame/navigation'
import { Card, Chip, Empty } from '../frame/parts'
import { Time, Value, Withheld } from '../frame/values'
import { ConsentChip } from './ConsentTab'
import { type AccessNote, isTrait, maskOf, type Profile, type Trait, type Word } from './types'

/** Traits with where they come from, and beside them what the person is known by, agreed to and belongs to. */
export function Overview({ profile }: { profile: Profile; identifier: string }) {
  return (
    <div className="columns">
      <div className="stack">
        <Traits profile={profile} />
        {profile.access && <Kept access={profile.access} />}
      </div>
      <div className="stack">
        <Identifiers profile={profile} />
        <ConsentNow profile={profile} />
        <Accounts profile={profile} />
        <Counters profile={profile} />
      </div>
    </div>
  )
}

function Traits({ profile }: { profile: Profile }) {
  const traits = Object.entries(profile.traits ?? {}).sort(([one], [other]) => one.localeCompare(other))
  const hasSources = traits.some(([, value]) => isTrait(value))
  return (
    <Card title={`Traits (${traits.length})`} flush>
      {traits.length === 0 ? (
        <Empty title={profile.traits ? 'Nothing is known yet' : 'Traits are withheld from your role'} />
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Traits">
          <table className="traits">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Value</th>
                {hasSources && <th scope="col">From</th>}
                {hasSources && (
                  <th scope="col" className="wide-only">
                    Since
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {traits.map(([field, value]) => (
                <TraitRow key={field} field={field} value={value} access={profile.access} hasSources={hasSources} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}

interface RowProps {
  field: string
  value: unknown
  access: AccessNote | undefined
  hasSources: boolean
}

function TraitRow({ field, value, access, hasSources }: RowProps) {
  const trait: Trait = isTrait(value) ? value : { value }
  const mask = maskOf(access, field)
  const others = [...(trait.overruled ?? []).map(word => [word, 'overruled'] as const), ...(trait.ignored ?? []).map(word => [word, 'ignored'] as const)]
  return (
    <tr>
      <th scope="row" className="field-name">
        <bdi>{field}</bdi>
      </th>
      <td>
        <Value value={trait.value} mask={mask} />
        {others.length > 0 && (
          <details>
            <summary className="small">
              {others.length} other {others.length === 1 ? 'value' : 'values'}
            </summary>
            <ul className="stack tight">
              {others.map(([word, kind], index) => (
                <OtherWord key={index} word={word} kind={kind} mask={mask} />
              ))}
            </ul>
          </details>
        )}
      </td>
      {hasSources && (
        <td>
          <span className="row">
            {trait.source && <Chip square>{trait.source}</Chip>}
            {trait.trust === 'claimed' && <Chip tone="warn">claimed</Chip>}
          </span>
          {trait.reason && (
            <span className="small soft" title={trait.rule && `Rule ${trait.rule.strategy} of ${trait.rule.field}`}>
              {words(trait.reason)}
            </span>
          )}
        </td>
      )}
      {hasSources && (
        <td className="wide-only soft">
          <Time at={trait.at} />
        </td>
      )}
    </tr>
  )
}

const OtherWord = ({ word, kind, mask }: { word: Word; kind: string; mask?: string }) => (
  <li className="small">
    <s>
      <Value value={word.value} mask={mask} />
    </s>{' '}
    <span className="soft">
      {kind}: {word.source} {word.reason && `(${words(word.reason)})`} <Time at={word.at} />
    </span>
  </li>
)

function Kept({ access }: { access: AccessNote }) {
  const count = access.withheld.length + access.masked.length
  if (count === 0) return null
  return (
    <Card title="What the access policy keeps from your role">
      <details>
        <summary>
          {access.withheld.length} withheld, {access.masked.length} masked. The list is the same for every person.
        </summary>
        <ul className="chips">
          {access.withheld.map((one, index) => (
            <li key={index}>
              <code>{one.field ?? `part ${one.part}`}</code> <Withheld because={one.because} /> <span className="soft small">{one.because}</span>
            </li>
          ))}
          {access.masked.map(one => (
            <li key={one.field}>
              <code>{one.field}</code> <Value value={`mask ${one.mask}`} mask={one.mask} /> <span className="soft small">{one.because}</span>
            </li>
          ))}
        </ul>
      </details>
    </Card>
  )
}

function Identifiers({ profile }: { profile: Profile }) {
  const all = profile.identifiers
  return (
    <Card title={all ? `Identifiers (${all.length})` : 'Identifiers'}>
      {!all ? (
        <Withheld />
      ) : all.length === 0 ? (
        <p className="soft">None that your role sees.</p>
      ) : (
        <ul className="list">
          {all.map(one => (
            <li key={`${one.type}:${one.value}`} className="identifier">
              <Chip square tone={toneOf(one.type)}>
                {one.type}
              </Chip>
              <span className="wrap">
                <Value value={one.value} mask={maskOf(profile.access, one.type)} />
                {one.linkedAt && (
                  <span className="small soft block">
                    {one.source}, <Time at={one.linkedAt} />
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

export const toneOf = (type: string) =>
  type.startsWith('email') ? 'accent' : type.startsWith('user_id') ? 'violet' : type.startsWith('phone') ? 'teal' : 'plain'

function ConsentNow({ profile }: { profile: Profile }) {
  const all = Object.entries(profile.consent ?? {})
  return (
    <Card title="Consent">
      {all.length === 0 ? (
        <p className="soft">{profile.consent ? 'They have said nothing yet.' : <Withheld />}</p>
      ) : (
        <ul className="list">
          {all.map(([purpose, word]) => (
            <li key={purpose}>
              <ConsentChip status={word.status} />
              <span className="wrap">
                {purpose} {word.at && <span className="small soft">since <Time at={word.at} /></span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Accounts({ profile }: { profile: Profile }) {
  if (!profile.accounts?.length) return null
  return (
    <Card title="Accounts">
      <ul className="list">
        {profile.accounts.map(one => (
          <li key={one.groupId}>
            <Go to={`/accounts/${encodeURIComponent(one.groupId)}`}>
              <bdi>{one.groupId}</bdi>
            </Go>
            {one.lastAt && (
              <span className="small soft">
                since <Time at={one.firstAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Counters({ profile }: { profile: Profile }) {
  if (!profile.events?.length) return null
  const most = Math.max(...profile.events.map(one => one.count))
  return (
    <Card title="What they did">
      <ul className="list">
        {[...profile.events].sort((one, other) => other.count - one.count).slice(0, 12).map(one => (
          <li key={`${one.kind} ${one.name}`} className="counter">
            <span className="wrap">
              <bdi>{one.name ?? one.kind}</bdi> <span className="small soft">{one.name && one.kind}</span>
            </span>
            <span className="bar" aria-hidden="true">
              <span style={{ width: `${(100 * one.count) / most}%` }} />
            </span>
            <span className="number" title={`last ${one.lastAt}`}>
              {one.count}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

const words = (code: string) => code.replaceAll('_', ' ')
