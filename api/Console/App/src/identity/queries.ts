import { useInfiniteQuery } from '@tanstack/react-query'
import { api, askFor } from '../frame/client'
import type { Explanation } from './types'

export const explanationKey = (identifier: string) => ['customer', identifier, 'explain']

/** Why the identifiers are one customer. Identifiers come with the first page, the history goes on with each. */
export function useExplanation(identifier: string, purpose: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...explanationKey(identifier), purpose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<Explanation>(
        api.GET('/v1/profiles/{identifier}/explain', {
          params: { path: { identifier }, query: { purpose, limit: 1_000, cursor: pageParam } },
        }),
      ),
    getNextPageParam: page => page.next ?? undefined,
  })
}
