import { Button, Card, Chip, Empty, ProblemNotice, Waiting } from '../frame/parts'
import { Missing, Time } from '../frame/values'
import { useConsent, useConsentHistory } from './queries'
import type { ConsentEntry, ConsentWord } from './types'

const tones = { granted: 'good', denied: 'bad', withdrawn: 'bad', expired: 'warn' } as const

export const ConsentChip = ({ status }: { status: string }) => (
  <Chip tone={tones[status as keyof typeof tones] ?? 'plain'}>
    <span aria-hidden="true">{status === 'granted' ? '✓' : status === 'unknown' ? '?' : '✕'}</span> {status}
  </Chip>
)

/** What the person has agreed to for each purpose, and how that came about. */
export function ConsentTab({ identifier, purpose }: { identifier: string; purpose: string | undefined }) {
  const consent = useConsent(identifier, purpose)
  const history = useConsentHistory(identifier, purpose)
  if (consent.error) return <ProblemNotice error={consent.error} retry={() => void consent.refetch()} />
  if (!consent.data) return <Waiting rows={6} />
  const entries = history.data?.pages.flatMap(page => page.entries) ?? []
  return (
    <div className="columns even">
      <Card title="Now, per purpose" flush>
        <div className="table-box" tabIndex={0} role="region" aria-label="Consent now">
          <table>
            <thead>
              <tr>
                <th scope="col">Purpose</th>
                <th scope="col">Stands</th>
                <th scope="col">Said</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(consent.data.purposes).map(([name, word]) => (
                <PurposeRow key={name} name={name} word={word} />
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card title="History" flush>
        {history.error ? (
          <ProblemNotice error={history.error} retry={() => void history.refetch()} />
        ) : history.isPending ? (
          <Waiting />
        ) : entries.length === 0 ? (
          <Empty title="They have said nothing yet" />
        ) : (
          <ol className="list padded">
            {entries.map((entry, index) => (
              <HistoryRow key={index} entry={entry} />
            ))}
          </ol>
        )}
        {history.hasNextPage && (
          <div className="row padded">
            <Button onPress={() => void history.fetchNextPage()}>Show earlier</Button>
          </div>
        )}
      </Card>
    </div>
  )
}

const PurposeRow = ({ name, word }: { name: string; word: ConsentWord }) => (
  <tr>
    <th scope="row" className="field-name">
      {name}
      <div className="small soft">
        {word.basis?.replaceAll('-', ' ')} · {word.scope}
      </div>
    </th>
    <td>
      <ConsentChip status={word.status} />
      {word.until && (
        <div className="small soft">
          until <Time at={word.until} />
        </div>
      )}
    </td>
    <td>
      {word.at ? (
        <>
          <Time at={word.at} />
          <div className="small soft wrap">
            {[word.form, word.source, word.evidence].filter(Boolean).join(' · ')}
          </div>
        </>
      ) : (
        <Missing />
      )}
    </td>
  </tr>
)

const HistoryRow = ({ entry }: { entry: ConsentEntry }) => (
  <li>
    <ConsentChip status={entry.status} />
    <span className="wrap">
      {entry.purpose} <Time at={entry.at} />
      <span className="small soft">
        {' '}
        {[entry.form, entry.source, entry.evidence].filter(Boolean).join(' · ')}
        {entry.covers && `, for ${entry.covers.length} identifiers`}
      </span>
    </span>
  </li>
)
