import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ActionDialog } from '../frame/ActionDialog'
import { api, ask, call } from '../frame/client'

/** Kinds that decide who is one customer are tried on the whole log first, by a job that changes nothing. */
export function TryOut({ kind, text, isReady }: { kind: string; text: string; isReady: boolean }) {
  const navigate = useNavigate()
  const { data } = useQuery({ queryKey: ['policies'], queryFn: () => ask(api.GET('/v1/policies')) })
  if (data?.policies.find(one => one.kind === kind)?.dryRun !== 'job') return null
  const begin = async () => {
    await call('POST', `/v1/policies/${kind}:dryRun`, undefined, { text })
    await navigate({ to: '/cluster' })
  }
  return (
    <ActionDialog label="Try on the whole log" isDisabled={!isReady} title="Decide the whole log anew by this file" confirm="Begin" onConfirm={begin}>
      <p>A job says who would be merged and who taken apart. It changes nothing; its progress is on the page of the cluster, where it can be cancelled.</p>
    </ActionDialog>
  )
}
