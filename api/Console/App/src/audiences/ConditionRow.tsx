import type { ReactNode } from 'react'
import { Button, Choice, TextInput } from '../frame/parts'
import { type EventRow, factOperators, type FactRow, numberOperators, type Row } from './definition'

interface Props {
  row: Row
  number: number
  /** Other audiences of the file. */
  audiences: string[]
  /** Computed traits, which can be asked for as facts. */
  traits: string[]
  onChange: (row: Row) => void
  onRemove?: () => void
}

const titles: Record<Row['kind'], string> = {
  event: 'Something they did',
  fact: 'Something that is known',
  audience: 'Another audience',
  text: 'As the file has it',
}

/** The operators in words, in the order of the file's own. */
const operatorWords: Record<string, string> = {
  equals: 'is',
  in: 'is one of',
  contains: 'has in it',
  startsWith: 'begins with',
  endsWith: 'ends with',
  matches: 'matches',
  greaterThan: 'is more than',
  atLeast: 'is at least',
  lessThan: 'is less than',
  atMost: 'is at most',
  exists: 'is there (true, false)',
  withinDays: 'is in the last days',
}

const wordsOf = (operators: readonly string[]) => operators.map(one => [one, operatorWords[one] ?? one] as const)

const someFacts = ['consent.advertising', 'country', 'industry', 'employees', 'score', 'tier', 'leadStage', 'firstSource', 'lastSource', 'opportunityWon']

/** One condition: fields for the usual ones, the file's own words for the rest. */
export function ConditionRow({ row, number, audiences, traits, onChange, onRemove }: Props) {
  return (
    <li className="condition-row" aria-label={`Condition ${number}`}>
      <div className="row">
        <strong>{titles[row.kind]}</strong>
        {onRemove && (
          <span style={{ marginLeft: 'auto' }}>
            <Button kind="quiet" onPress={onRemove} aria-label={`Remove condition ${number}`}>
              Remove
            </Button>
          </span>
        )}
      </div>
      {row.kind === 'event' && <EventFields row={row} onChange={onChange} />}
      {row.kind === 'fact' && <FactFields row={row} traits={traits} onChange={onChange} />}
      {row.kind === 'audience' && (
        <Choice label="Is in" value={row.name} options={[['', 'Choose'], ...withOwn(audiences, row.name)]} onChange={name => onChange({ ...row, name })} />
      )}
      {row.kind === 'text' && (
        <TextInput label="YAML" rows={4} value={row.yaml} onChange={yaml => onChange({ ...row, yaml })} help="Sequences, not, and nested conditions." />
      )}
    </li>
  )
}

const withOwn = (names: string[], own: string) => (own === '' || names.includes(own) ? names : [...names, own]).map(name => [name, name] as const)

function EventFields({ row, onChange }: { row: EventRow; onChange: (row: Row) => void }) {
  const set = (change: Partial<EventRow>) => onChange({ ...row, ...change })
  return (
    <>
      <Fields>
        <Choice
          label="Kind"
          value={row.of}
          options={[
            ['event', 'Event'],
            ['page', 'Page'],
            ['screen', 'Screen'],
          ]}
          onChange={of => set({ of: of as EventRow['of'] })}
        />
        <TextInput label="Name" value={row.name} onChange={name => set({ name })} placeholder="Order Completed" />
        <TextInput label="Within the last" value={row.within} onChange={within => set({ within })} placeholder="ever" help="As 12h or 30d; empty: ever." />
      </Fields>
      <Fields>
        <Choice
          label="Its"
          value={row.measure}
          options={[
            ['count', 'Number'],
            ['sum', 'Sum of a property'],
          ]}
          onChange={measure => set({ measure: measure as EventRow['measure'] })}
        />
        {row.measure === 'sum' && <TextInput label="Property summed" value={row.sumOf} onChange={sumOf => set({ sumOf })} placeholder="total" />}
        <Choice label="Compared" value={row.operator} options={wordsOf(numberOperators)} onChange={operator => set({ operator })} />
        <TextInput label="With" value={row.value} onChange={value => set({ value })} inputMode="decimal" />
      </Fields>
      <Fields>
        <TextInput label="Only those whose property" value={row.property} onChange={property => set({ property })} placeholder="any" />
        {row.property !== '' && (
          <>
            <Choice
              label="Property compared"
              value={row.propertyOperator}
              options={wordsOf(factOperators)}
              onChange={propertyOperator => set({ propertyOperator })}
            />
            <TextInput label="Property value" value={row.propertyValue} onChange={propertyValue => set({ propertyValue })} />
          </>
        )}
      </Fields>
    </>
  )
}

function FactFields({ row, traits, onChange }: { row: FactRow; traits: string[]; onChange: (row: Row) => void }) {
  const set = (change: Partial<FactRow>) => onChange({ ...row, ...change })
  return (
    <Fields>
      <label className="field">
        <span className="label">Fact</span>
        <input className="input" list="audience-facts" value={row.fact} onChange={event => set({ fact: event.target.value })} />
        <datalist id="audience-facts">
          {[...traits.map(trait => `computed.${trait}`), ...someFacts].map(fact => (
            <option key={fact} value={fact} />
          ))}
        </datalist>
      </label>
      <Choice label="Compared" value={row.operator} options={wordsOf(factOperators)} onChange={operator => set({ operator })} />
      <TextInput label="With" value={row.value} onChange={value => set({ value })} help={row.operator === 'in' ? 'With commas between.' : undefined} />
    </Fields>
  )
}

const Fields = ({ children }: { children: ReactNode }) => <div className="fields">{children}</div>
