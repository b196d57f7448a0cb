import { useQuery } from '@tanstack/react-query'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, usePathPart, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, PageHead, ProblemPage, Waiting } from '../frame/parts'
import { Time } from '../frame/values'
import { Check, DraftNotices, PutInForce } from './DraftParts'
import { Editor } from './Editor'
import { OldVersion } from './OldVersion'
import { PolicyHistory } from './PolicyHistory'
import { Proposals } from './Proposals'
import { TryOut } from './TryOut'
import { useDraft } from './useDraft'

export type Policy = components['schemas']['PolicyAnswer']

/** One kind of policy: its file with its faults at their lines, what a change would change, and what was before. */
export default function PolicyPage() {
  const kind = usePathPart('kind')
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', kind],
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind } } })) as Promise<Policy>,
  })
  if (error && !data) return <ProblemPage title={`Policy ${kind}`} error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={10} />
  // Another kind is another file, and nothing of the one before may stay in the editor.
  return <OnePolicy key={kind} policy={data} />
}

function OnePolicy({ policy }: { policy: Policy }) {
  const [search] = useSearchState()
  const draft = useDraft(policy)
  const { base, text, isChanged, checked } = draft

  return (
    <>
      <PageHead
        title={<>Policy {base.kind}</>}
        about={
          <span className="row">
            <Chip square>{policy.version}</Chip>
            {policy.at ? (
              <span>
                in force since <Time at={policy.at} />, by {policy.by}
              </span>
            ) : (
              <span>built in</span>
            )}
            <Go to="/policies">All policies</Go>
            {base.kind === 'audiences' && <Go to="/audiences">Audiences</Go>}
            {base.kind === 'destinations' && <Go to="/destinations">Destinations</Go>}
          </span>
        }
        end={
          <>
            <Button isDisabled={!isChanged} onPress={draft.takeBack}>
              Take back edits
            </Button>
            <TryOut kind={base.kind} text={text} isReady={isChanged && checked.comparison !== null} />
            <PutInForce draft={draft} />
          </>
        }
      />
      <DraftNotices draft={draft} policy={policy} />
      <Proposals policy={policy} />
      {search.version && <OldVersion kind={base.kind} version={search.version} />}
      <div className="columns">
        <Card flush>
          <Editor key={draft.edition} label={`File ${base.kind}.yaml`} start={text} faults={draft.faults} onChange={draft.setText} />
        </Card>
        <div className="stack">
          <Check draft={draft} />
          <PolicyHistory kind={base.kind} current={policy.version} />
        </div>
      </div>
      <AsCall
        calls={[
          { path: `/v1/policies/${base.kind}` },
          { method: 'POST', path: `/v1/policies/${base.kind}:validate`, body: `@${base.kind}.yaml` },
          { method: 'PUT', path: `/v1/policies/${base.kind}`, body: `@${base.kind}.yaml` },
        ]}
      />
    </>
  )
}
