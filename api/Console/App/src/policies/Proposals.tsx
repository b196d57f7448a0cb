import { useQueryClient } from '@tanstack/react-query'
import { ActionDialog } from '../frame/ActionDialog'
import { api, ask } from '../frame/client'
import { Notice } from '../frame/parts'
import { useSession } from '../frame/session'
import { Time } from '../frame/values'
import type { Policy } from './PolicyPage'

/** What waits for another person's approval. Who brought it is told so, and may not approve it. */
export function Proposals({ policy }: { policy: Policy }) {
  const queries = useQueryClient()
  const { caller } = useSession()
  const approve = async (version: string, replaces: string) => {
    await ask(
      api.POST('/v1/policies/{kind}:approve', { params: { path: { kind: policy.kind } }, body: { version, replaces } }),
    )
    await queries.invalidateQueries({ predicate: query => ['policy', 'policies', 'policy-history'].includes(String(query.queryKey[0])) })
  }
  return policy.proposals.map(one => (
    <Notice
      key={one.version}
      title={`Proposal ${one.version} waits for approval`}
      end={
        one.by !== caller.name && (
          <ActionDialog label="Approve" kind="primary" title={`Approve ${one.version}`} confirm="Approve" onConfirm={() => approve(one.version, one.replaces)}>
            <p>It replaces version {one.replaces}, and other proposals are dropped.</p>
          </ActionDialog>
        )
      }
    >
      Brought by {one.by}, <Time at={one.at} />. {one.by === caller.name && 'You brought it, so another person approves it.'}
    </Notice>
  ))
}
