import { useQuery } from '@tanstack/react-query'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, useSearchState } from '../frame/navigation'
import { Button, Card, Choice, Notice, ProblemNotice, Waiting } from '../frame/parts'
import { Check, DraftNotices, PutInForce } from '../policies/DraftParts'
import { Editor } from '../policies/Editor'
import type { Policy } from '../policies/PolicyPage'
import { Proposals } from '../policies/Proposals'
import { useDraft } from '../policies/useDraft'
import { AudienceForm } from './AudienceForm'
import { namesOf } from './definition'
import { Preview } from './Preview'

/** The file, as text or as a form of one audience, and what it would make of the members before it is put in force. */
export function DefinitionsTab() {
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', 'audiences'],
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind: 'audiences' } } })) as Promise<Policy>,
  })
  if (!data) return error ? <ProblemNotice error={error} retry={() => void refetch()} /> : <Waiting rows={10} />
  return <Definitions policy={data} />
}

const newOne = ' new'

function Definitions({ policy }: { policy: Policy }) {
  const [search, change] = useSearchState()
  const draft = useDraft(policy)
  const names = namesOf(draft.text)
  const isText = search.as === 'text' || names === null
  const chosen = search.new === '1' || names?.length === 0 ? null : (names?.find(name => name === search.audience) ?? names?.[0] ?? null)
  return (
    <>
      <div className="filters">
        <div className="wide">
          <Choice
            label="Edit"
            value={isText ? '' : (chosen ?? newOne)}
            options={[['', 'The whole file, as text'], ...(names ?? []).map(name => [name, name] as const), [newOne, 'A new audience']]}
            onChange={value =>
              change(
                {
                  as: value === '' ? 'text' : undefined,
                  new: value === newOne ? '1' : undefined,
                  audience: value === newOne ? undefined : value || search.audience,
                },
                true,
              )
            }
          />
        </div>
        <Button isDisabled={!draft.isChanged} onPress={draft.takeBack}>
          Take back edits
        </Button>
        <PutInForce draft={draft} />
        <Go to="/policies/audiences">History of the file</Go>
      </div>
      <DraftNotices draft={draft} policy={policy} />
      <Proposals policy={policy} />
      {names === null && <Notice title="The form can’t show the file">It can’t be read as YAML. Mend it in the text; the check names the line.</Notice>}
      <div className="columns">
        {isText ? (
          <Card flush>
            <Editor key={draft.edition} label="File audiences.yaml" start={draft.text} faults={draft.faults} onChange={draft.setText} />
          </Card>
        ) : (
          <AudienceForm
            key={`${draft.edition} ${chosen ?? newOne}`}
            text={draft.text}
            name={chosen}
            names={names}
            onChange={draft.setText}
            onAdded={name => change({ new: undefined, audience: name }, true)}
          />
        )}
        <div className="stack">
          <Preview draft={draft} first={chosen} />
          <Check draft={draft} />
        </div>
      </div>
      <AsCall
        calls={[
          { path: '/v1/policies/audiences' },
          { method: 'POST', path: '/v1/audiences:preview', body: { policy: '…' } },
          { method: 'PUT', path: '/v1/policies/audiences', body: '@audiences.yaml' },
        ]}
      />
    </>
  )
}
