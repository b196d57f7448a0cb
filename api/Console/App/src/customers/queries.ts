import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, askFor } from '../frame/client'
import type { Consent, ConsentEntry, Profile, Timeline } from './types'

/** What is read of a customer. Each key begins with the customer, so that a change reads all of it anew. */

const path = (identifier: string) => ({ identifier })

export const profileKey = (identifier: string) => ['customer', identifier]

export function useProfile(identifier: string, purpose: string | undefined, live = false) {
  return useQuery({
    queryKey: [...profileKey(identifier), 'profile', purpose],
    queryFn: () =>
      askFor<Profile>(
        api.GET('/v1/profiles/{identifier}', { params: { path: path(identifier), query: { purpose, verbose: true } } }),
      ),
    refetchInterval: live ? 5_000 : undefined,
  })
}

export function useConsent(identifier: string, purpose: string | undefined) {
  return useQuery({
    queryKey: [...profileKey(identifier), 'consent', purpose],
    queryFn: () =>
      askFor<Consent>(api.GET('/v1/profiles/{identifier}/consent', { params: { path: path(identifier), query: { purpose } } })),
  })
}

export function useConsentHistory(identifier: string, purpose: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...profileKey(identifier), 'consent-history', purpose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<{ entries: ConsentEntry[]; next: string | null }>(
        api.GET('/v1/profiles/{identifier}/consent/history', {
          params: { path: path(identifier), query: { purpose, limit: 50, cursor: pageParam } },
        }),
      ),
    getNextPageParam: page => page.next ?? undefined,
  })
}

export interface TimelineRange {
  from?: string
  to?: string
  order?: string
}

export function useTimeline(identifier: string, purpose: string | undefined, range: TimelineRange) {
  return useInfiniteQuery({
    queryKey: [...profileKey(identifier), 'timeline', purpose, range],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      askFor<Timeline>(
        api.GET('/v1/profiles/{identifier}/timeline', {
          params: {
            path: path(identifier),
            // The cursor brings the range along.
            query: { purpose, limit: 100, ...(pageParam ? { cursor: pageParam } : range) },
          },
        }),
      ),
    getNextPageParam: page => page.next ?? undefined,
  })
}
