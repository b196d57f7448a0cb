import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../frame/client'
import { isAdmin, useSession } from '../frame/session'

/** What the lifecycle policy says of stages and codes. */
interface Lifecycle {
  stages?: string[]
  reject?: string[]
  exits?: Record<string, string[]>
}

/** Known to whoever may read policies; for others it is empty, and they type the code that they were told. */
export function useLifecycle(): { stages: string[]; reject: string[]; close: string[] } {
  const { caller } = useSession()
  const { data } = useQuery({
    queryKey: ['policy', 'lifecycle'],
    enabled: isAdmin(caller),
    queryFn: () => ask(api.GET('/v1/policies/{kind}', { params: { path: { kind: 'lifecycle' } } })),
  })
  const policy = (data as { policy?: Lifecycle } | undefined)?.policy
  return { stages: policy?.stages ?? [], reject: policy?.reject ?? [], close: Object.values(policy?.exits ?? {}).flat() }
}
