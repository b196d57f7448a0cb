import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../frame/client'
import { Button, Card, Choice, Notice, TextInput } from '../frame/parts'
import { ConditionRow } from './ConditionRow'
import { type Definition, emptyDefinition, emptyRow, read, type Row, write } from './definition'

interface Props {
  /** The whole file. */
  text: string
  /** The audience that is edited; null: a new one. */
  name: string | null
  /** All audiences of the file. */
  names: string[]
  onChange: (text: string) => void
  onAdded: (name: string) => void
}

const joins = [
  ['all', 'Each of these holds'],
  ['any', 'One of these holds'],
] as const

const additions: readonly (readonly [Row['kind'], string])[] = [
  ['event', 'Something they did'],
  ['fact', 'Something that is known'],
  ['audience', 'Another audience'],
  ['text', 'Anything else, as text'],
]

/** One audience of the file as fields. What is typed goes into the file's text at once; a new one when it is added. */
export function AudienceForm({ text, name, names, onChange, onAdded }: Props) {
  const [form, setForm] = useState<Definition>(() => (name === null ? emptyDefinition() : (read(text, name) ?? emptyDefinition())))
  // It is known by the name that it has in the file, also while another one is typed.
  const [known, setKnown] = useState(name)
  const [added, setAdded] = useState<Row['kind']>('event')
  const { data } = useQuery({ queryKey: ['audiences'], queryFn: () => ask(api.GET('/v1/audiences')) })

  const put = (next: Definition) => {
    setForm(next)
    if (known === null) return
    onChange(write(text, known, next))
    setKnown(next.name.trim())
  }
  const set = (change: Partial<Definition>) => put({ ...form, ...change })
  const setRow = (at: number, row: Row) => set({ rows: form.rows.map((one, index) => (index === at ? row : one)) })
  const isTaken = names.filter(one => one === form.name).length > (known === null ? 0 : 1)

  return (
    <Card title={known === null ? 'A new audience' : known}>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          if (known !== null || form.name === '' || isTaken) return
          onChange(write(text, null, form))
          onAdded(form.name.trim())
        }}
      >
        {known !== null && name !== known && (
          <Notice title="Another name is another audience">Its members leave the one before, and destinations are told so.</Notice>
        )}
        <TextInput
          label="Name"
          value={form.name}
          onChange={value => (known === null || value.trim() !== '' ? set({ name: value }) : undefined)}
          help={isTaken ? 'The file has an audience of this name.' : 'Lower-case letters, digits and hyphens.'}
          isInvalid={isTaken}
        />
        <TextInput label="Description" value={form.description} onChange={description => set({ description })} />
        <div className="fields">
          <TextInput label="Purpose" value={form.purpose} onChange={purpose => set({ purpose })} help="What members must have agreed to." />
          <TextInput label="Known within" value={form.freshness} onChange={freshness => set({ freshness })} placeholder="5m" help="As 15m, 2h or 1d." />
          <TextInput label="Stay at least" value={form.minimumStay} onChange={minimumStay => set({ minimumStay })} help="As 1h; empty: not at all." />
          <TextInput label="Held out" value={form.holdout} onChange={holdout => set({ holdout })} inputMode="numeric" help="Percent of the members." />
        </div>
        <fieldset className="stack">
          <legend>Who is in it</legend>
          {form.rows.length > 1 && (
            <Choice
              label="How they go together"
              value={form.join}
              options={joins}
              onChange={join => set({ join: join as Definition['join'] })}
            />
          )}
          <ol className="stack">
            {form.rows.map((row, index) => (
              <ConditionRow
                key={index}
                row={row}
                number={index + 1}
                audiences={names.filter(one => one !== known)}
                traits={data?.traits ?? []}
                onChange={next => setRow(index, next)}
                onRemove={form.rows.length > 1 ? () => set({ rows: form.rows.filter((_, at) => at !== index) }) : undefined}
              />
            ))}
          </ol>
          <div className="row" style={{ alignItems: 'end' }}>
            <Choice label="One more condition" value={added} options={additions} onChange={kind => setAdded(kind as Row['kind'])} />
            <Button onPress={() => set({ rows: [...form.rows, emptyRow(added)] })}>Add it</Button>
          </div>
        </fieldset>
        {known === null && (
          <div className="row">
            <Button type="submit" kind="primary" isDisabled={form.name.trim() === '' || isTaken}>
              Add to the file
            </Button>
            <span className="soft small">It is in force only when the file is.</span>
          </div>
        )}
      </form>
    </Card>
  )
}
