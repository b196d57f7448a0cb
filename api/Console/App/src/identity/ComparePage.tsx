import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ConsentChip } from '../customers/ConsentTab'
import { toneOf } from '../customers/Overview'
import { type AccessNote, type Identifier, isTrait, maskOf, nameOf, type Profile, type Trait } from '../customers/types'
import { AsCall, pathWith } from '../frame/calls'
import { api, askFor } from '../frame/client'
import { customerPath, Go, identityPath, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, Notice, PageHead, ProblemNotice, TextInput, Waiting } from '../frame/parts'
import { Problem } from '../frame/problem'
import { Time, Value } from '../frame/values'

interface ComparedLead {
  leadId: string
  status: string
  createdAt: string
  duplicateOf: string | null
}

interface Comparison {
  older: Profile
  younger: Profile
  merged: Profile
  objection: { code: string; because: string } | null
  leads: ComparedLead[]
}

/** Why rules would refuse, for people. */
const objections: Record<string, string> = {
  separated: 'A separation keeps them apart: somebody has split them.',
  regions_apart: 'They are of different regions, and nothing links regions here.',
  over_limit: 'Together they would have more identifiers of a type than the rules allow.',
  profile_too_large: 'Together they would be too large.',
}

/** Two customers beside each other, and what a merge would make of them. Nothing is merged here. */
export default function ComparePage() {
  const [{ one = '', other = '' }] = useSearchState()
  const purpose = usePurpose()
  const isAsked = one !== '' && other !== ''
  const body = { identifiers: [one, other] }
  const compared = useQuery({
    queryKey: ['compare', one, other, purpose],
    queryFn: () => askFor<Comparison>(api.POST('/v1/profiles:compare', { params: { query: { purpose } }, body: body as never })),
    enabled: isAsked,
  })
  return (
    <>
      <PageHead title="Compare two customers" about="What each is, and what a merge would change. Nothing is merged: that takes a message that proves they are one." />
      <Choose key={`${one} ${other}`} one={one} other={other} />
      {!isAsked ? (
        <Card>
          <Empty title="Choose two customers">Write an identifier of each, or come from a customer’s page.</Empty>
        </Card>
      ) : compared.data ? (
        <Compared comparison={compared.data} />
      ) : compared.error ? (
        <Fault error={compared.error} identifier={one} retry={() => void compared.refetch()} />
      ) : (
        <Waiting rows={8} />
      )}
      {isAsked && <AsCall calls={[{ method: 'POST', path: pathWith('/v1/profiles:compare', { purpose }), body }]} />}
    </>
  )
}

function Choose({ one, other }: { one: string; other: string }) {
  const [, change] = useSearchState()
  const [first, setFirst] = useState(one)
  const [second, setSecond] = useState(other)
  const isReady = first.includes(':') && second.includes(':')
  const compare = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) change({ one: first.trim(), other: second.trim() })
  }
  return (
    <form className="row compare-form" onSubmit={compare}>
      <TextInput label="One, type:value" value={first} onChange={setFirst} placeholder="user_id:jane" />
      <TextInput label="Another, type:value" value={second} onChange={setSecond} placeholder="email:jane@example.com" />
      <Button type="submit" kind="primary" isDisabled={!isReady}>
        Compare
      </Button>
    </form>
  )
}

function Fault({ error, identifier, retry }: { error: Error; identifier: string; retry: () => void }) {
  if (error instanceof Problem && error.code === 'profiles_are_one') {
    return (
      <Notice kind="good" title="They are one customer already">
        <Go to={identityPath(identifier)}>See why</Go>
      </Notice>
    )
  }
  return <ProblemNotice error={error} retry={retry} />
}

function Compared({ comparison }: { comparison: Comparison }) {
  const { older, younger, objection } = comparison
  return (
    <>
      {objection ? (
        <Notice title="The rules would refuse to merge them">
          {objections[objection.code] ?? objection.code.replaceAll('_', ' ')} <code>{objection.because}</code>
        </Notice>
      ) : (
        <Notice kind="good" title="No rule stands against a merge">
          A message that proves that the two are one would merge the younger into the older.
        </Notice>
      )}
      <div className="columns even">
        <Who title="Older, would stay" profile={older} />
        <Who title="Younger, would go into it" profile={younger} />
      </div>
      <TraitsOfBoth comparison={comparison} />
      <div className="columns even">
        <IdentifiersOfBoth comparison={comparison} />
        <ConsentOfBoth comparison={comparison} />
        <AccountsOfBoth comparison={comparison} />
        <Leads leads={comparison.leads} />
      </div>
    </>
  )
}

const Who = ({ title, profile }: { title: string; profile: Profile }) => (
  <Card title={title}>
    <p className="wrap">
      <Go to={customerPath(`customer:${profile.customerId}`)}>
        <strong>
          <bdi>{nameOf(profile)}</bdi>
        </strong>
      </Go>
    </p>
    <p className="small soft wrap">
      <code>{profile.customerId}</code>
      {profile.lifecycle && (
        <>
          <br />
          seen <Time at={profile.lifecycle.firstSeenAt} /> to <Time at={profile.lifecycle.lastSeenAt} relative />, {profile.lifecycle.messageCount} messages
        </>
      )}
      {(profile.audiences?.length ?? 0) > 0 && (
        <>
          <br />
          in {profile.audiences?.join(', ')}: decided anew after a merge
        </>
      )}
    </p>
  </Card>
)

function TraitsOfBoth({ comparison: { older, younger, merged } }: { comparison: Comparison }) {
  const [isAll, setAll] = useState(false)
  const fields = [...new Set([older, younger, merged].flatMap(one => Object.keys(one.traits ?? {})))].sort((one, other) => one.localeCompare(other))
  const rows = fields.map(field => {
    const [first, second, sum] = [older, younger, merged].map(one => traitOf(one, field))
    return { field, first, second, sum, isSame: textOf(first) === textOf(second) }
  })
  const shown = isAll ? rows : rows.filter(row => !row.isSame)
  return (
    <Card
      title={`Traits that differ (${rows.filter(row => !row.isSame).length} of ${rows.length})`}
      end={rows.some(row => row.isSame) && <Button onPress={() => setAll(!isAll)}>{isAll ? 'Only those that differ' : 'Show all'}</Button>}
      flush
    >
      {shown.length === 0 ? (
        <Empty title="No trait differs">What your role sees of both is the same.</Empty>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Traits of both">
          <table className="compared">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Older</th>
                <th scope="col">Younger</th>
                <th scope="col">After a merge</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ field, first, second, sum }) => (
                <tr key={field}>
                  <th scope="row" className="field-name">
                    <bdi>{field}</bdi>
                  </th>
                  <Cell trait={first} field={field} access={older.access} isLost={isLost(first, sum)} />
                  <Cell trait={second} field={field} access={younger.access} isLost={isLost(second, sum)} />
                  <td>
                    <Word trait={sum} field={field} access={merged.access} />
                    {sum?.source && (
                      <span
                        className="small soft block"
                        title={sum.rule && (sum.rule.field === field ? 'The rule of this field' : 'The rule for fields without one of their own')}
                      >
                        {sum.source}
                        {sum.rule && `, by ${sum.rule.strategy.replaceAll('-', ' ')}`}
                        {sum.reason && ` (${sum.reason.replaceAll('_', ' ')})`}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}

const Cell = ({ trait, field, access, isLost }: { trait: Trait | undefined; field: string; access: AccessNote | undefined; isLost: boolean }) => (
  <td className={isLost ? 'lost' : undefined}>
    <Word trait={trait} field={field} access={access} />
    {trait?.source && (
      <span className="small soft block">
        {trait.source}, <Time at={trait.at} />
        {isLost && ', would not be shown'}
      </span>
    )}
  </td>
)

const Word = ({ trait, field, access }: { trait: Trait | undefined; field: string; access: AccessNote | undefined }) =>
  trait ? <Value value={trait.value} mask={maskOf(access, field)} /> : <span className="soft">–</span>

/** Somebody says it, and after a merge it is another's word that counts. */
const isLost = (trait: Trait | undefined, sum: Trait | undefined) => trait !== undefined && textOf(trait) !== textOf(sum)

const textOf = (trait: Trait | undefined) => (trait ? JSON.stringify(trait.value) : undefined)

function traitOf(profile: Profile, field: string): Trait | undefined {
  const value = profile.traits?.[field]
  return value === undefined ? undefined : isTrait(value) ? value : { value }
}

function IdentifiersOfBoth({ comparison: { older, younger, merged } }: { comparison: Comparison }) {
  const has = (profile: Profile, one: Identifier) => (profile.identifiers ?? []).some(held => held.type === one.type && held.value === one.value)
  const all = merged.identifiers ?? []
  return (
    <Card title={`Identifiers together (${all.length})`}>
      {all.length === 0 ? (
        <p className="soft">None that your role sees.</p>
      ) : (
        <ul className="list">
          {all.map(one => (
            <li key={`${one.type}:${one.value}`} className="identifier">
              <Chip square tone={toneOf(one.type)}>
                {one.type}
              </Chip>
              <span className="wrap">
                <Value value={one.value} mask={maskOf(merged.access, one.type)} />
                <span className="small soft block">{has(older, one) ? (has(younger, one) ? 'both' : 'of the older') : 'of the younger'}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function ConsentOfBoth({ comparison: { older, younger, merged } }: { comparison: Comparison }) {
  const purposes = Object.keys(merged.consent ?? {}).sort()
  return (
    <Card title="Consent: the stricter counts" flush>
      {purposes.length === 0 ? (
        <Empty title="Nothing was said" />
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Consent of both">
          <table>
            <thead>
              <tr>
                <th scope="col">Purpose</th>
                <th scope="col">Older</th>
                <th scope="col">Younger</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {purposes.map(purpose => (
                <tr key={purpose}>
                  <th scope="row">{purpose}</th>
                  {[older, younger, merged].map((one, index) => (
                    <td key={index}>
                      <ConsentChip status={one.consent?.[purpose]?.status ?? 'unknown'} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}

function AccountsOfBoth({ comparison: { merged } }: { comparison: Comparison }) {
  const all = merged.accounts ?? []
  if (all.length === 0) return null
  return (
    <Card title={`Accounts together (${all.length})`}>
      <ul className="list">
        {all.map(one => (
          <li key={one.groupId}>
            <Go to={`/accounts/${encodeURIComponent(one.groupId)}`}>
              <bdi>{one.groupId}</bdi>
            </Go>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Leads({ leads }: { leads: ComparedLead[] }) {
  if (leads.length === 0) return null
  return (
    <Card title={`Leads together (${leads.length})`}>
      <ul className="list">
        {leads.map(one => (
          <li key={one.leadId} className="wrap">
            <Go to={`/leads/${one.leadId}`}>
              <code>{one.leadId.slice(0, 12)}…</code>
            </Go>
            <Chip>{one.status}</Chip>
            <span className="small soft">
              {one.duplicateOf ? 'would be a double of the other' : one.status === 'closed' ? 'stays closed' : 'stays open'}, since <Time at={one.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
