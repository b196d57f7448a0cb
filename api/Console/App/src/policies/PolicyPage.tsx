import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { components } from '../frame/api'
import { ActionDialog } from '../frame/ActionDialog'
import { AsCall } from '../frame/calls'
import { api, ask, call } from '../frame/client'
import { Go, usePathPart, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Notice, PageHead, ProblemNotice, ProblemPage, Waiting } from '../frame/parts'
import { type Fault, Problem } from '../frame/problem'
import { Time } from '../frame/values'
import { Changes } from './Changes'
import { Editor } from './Editor'
import { OldVersion } from './OldVersion'
import { PolicyHistory } from './PolicyHistory'
import { Proposals } from './Proposals'
import { TryOut } from './TryOut'
import { useChecked } from './useChecked'

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

const noFaults: Fault[] = []

function OnePolicy({ policy }: { policy: Policy }) {
  const queries = useQueryClient()
  const [search] = useSearchState()
  const [base, setBase] = useState(policy)
  const [text, setText] = useState(policy.yaml)
  // The editor begins anew where it is given another text; what is typed in it is its own.
  const [edition, setEdition] = useState(0)
  const [done, setDone] = useState<string | null>(null)
  const isChanged = text !== base.yaml
  const checked = useChecked(base.kind, text, isChanged)
  const faults = checked.error instanceof Problem ? checked.error.faults : noFaults
  const isOvertaken = policy.version !== base.version

  const takeNew = useCallback(() => {
    setBase(policy)
    setText(policy.yaml)
    setEdition(before => before + 1)
  }, [policy])

  const takeBack = () => {
    setText(base.yaml)
    setEdition(before => before + 1)
  }

  const put = async () => {
    const answer = await call<Policy>('PUT', `/v1/policies/${base.kind}`, undefined, { text, ifMatch: `"${base.version}"` })
    const isInForce = answer.yaml === text
    setDone(isInForce ? 'It is in force.' : 'It is a proposal: another person approves it below.')
    setBase(isInForce ? answer : { ...base, proposals: answer.proposals })
    await queries.invalidateQueries({ predicate: query => ['policy', 'policies', 'policy-history'].includes(String(query.queryKey[0])) })
  }

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
          </span>
        }
        end={
          <>
            <Button isDisabled={!isChanged} onPress={takeBack}>
              Take back edits
            </Button>
            <TryOut kind={base.kind} text={text} isReady={isChanged && checked.comparison !== null} />
            <ActionDialog
              label="Put in force"
              kind="primary"
              isDisabled={!isChanged || !checked.comparison}
              title={`Put ${base.kind} in force`}
              confirm="Put in force"
              onConfirm={put}
            >
              <p>The node that answers decides by it at once, the others within a second. Where the kind needs four eyes it becomes a proposal.</p>
              {checked.comparison && <Changes comparison={checked.comparison} />}
            </ActionDialog>
          </>
        }
      />
      {isOvertaken && (
        <Notice title="Somebody else changed it meanwhile" end={<Button onPress={takeNew}>Take theirs, drop my edits</Button>}>
          Version {policy.version} is in force now, by {policy.by}. Your text is still here; it can’t be put in force over theirs unseen.
        </Notice>
      )}
      {done && <Notice kind="good" title={done} />}
      <Proposals policy={policy} />
      {search.version && <OldVersion kind={base.kind} version={search.version} />}
      <div className="columns">
        <Card flush>
          <Editor key={edition} label={`File ${base.kind}.yaml`} start={text} faults={faults} onChange={setText} />
        </Card>
        <div className="stack">
          <Card title="Check">
            <div aria-live="polite" className="stack tight">
              {!isChanged && <p className="soft">This is the file that is in force. Edit it, and it is checked as you type.</p>}
              {isChanged && checked.isBusy && <p className="soft">Checking…</p>}
              {isChanged && checked.error && !checked.isBusy && <ProblemNotice error={checked.error} />}
              {isChanged && checked.comparison && !checked.error && <Changes comparison={checked.comparison} />}
            </div>
          </Card>
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
