import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'
import { call, sessionPath, whenSessionEnds } from './client'

/** Who uses the console, and what they may ask for. */
export interface Caller {
  name: string
  kind: 'key' | 'token'
  roles: string[]
  /** What their reads may be for. */
  purposes: string[]
  /** True: they must say a purpose where they have several. */
  needsPurpose: boolean
  does: string[]
  endsAt?: string
}

export interface SessionAnswer {
  session: Caller | null
  signIn: { key: boolean; openId: string | null }
  isDevelopment: boolean
  docs: string | null
  dashboard: string | null
}

interface Session {
  answer: SessionAnswer
  caller: Caller
  signOut: () => Promise<void>
}

const Context = createContext<Session | null>(null)

/** The session of whoever is signed in. Pages are shown to nobody else. */
export function useSession(): Session {
  const session = use(Context)
  if (!session) throw new Error('A page is outside the session.')
  return session
}

export const isAdmin = (caller: Caller) => caller.roles.includes('admin')
export const mayRead = (caller: Caller) => isAdmin(caller) || caller.roles.some(role => role !== 'collect')
export const mayDo = (caller: Caller, task: string) => isAdmin(caller) || caller.does.includes(task)

export const sessionKey = ['session']
export const readSession = () => call<SessionAnswer>('GET', sessionPath)

interface Props {
  /** What is shown until somebody has signed in. */
  door: (answer: SessionAnswer | undefined, error: Error | null, retry: () => void) => ReactNode
  /** What lies over the page when a session has ended: the page below keeps what was typed. */
  again: (answer: SessionAnswer, former: Caller) => ReactNode
  children: ReactNode
}

export function SessionProvider({ door, again, children }: Props) {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: Infinity, retry: 1 })
  const [former, setFormer] = useState<Caller | null>(null)
  const caller = data?.session ?? null

  if (caller && former !== caller) setFormer(caller)

  useEffect(() => {
    const tell = () => void queries.invalidateQueries({ queryKey: sessionKey })
    whenSessionEnds.add(tell)
    return () => void whenSessionEnds.delete(tell)
  }, [queries])

  const signOut = useCallback(async () => {
    await call('DELETE', sessionPath)
    // All that was read goes with the page.
    location.assign('/')
  }, [])

  if (!data || !(caller ?? former)) return door(data, error, () => void refetch())
  return (
    <Context value={{ answer: data, caller: (caller ?? former)!, signOut }}>
      {children}
      {caller === null && former && again(data, former)}
    </Context>
  )
}
