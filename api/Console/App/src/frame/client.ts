import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './api'
import { noAnswer, Problem, problemOf } from './problem'

/** Says that a request comes from these pages. A page of another origin can't send it. */
const ours = { 'X-Console': '1' }

/** Called when a session has ended, whoever notices it. */
export const whenSessionEnds = new Set<() => void>()

const watch: Middleware = {
  onResponse({ response }) {
    if (response.status === 401) whenSessionEnds.forEach(tell => tell())
  },
  onError: () => noAnswer(),
}

/** The API, typed from its own description. The browser adds the session's cookie; no script holds a key. */
export const api = createClient<paths>({ baseUrl: '', headers: ours })
api.use(watch)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** What was answered, or the problem thrown. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw problemOf(response, error)
  return data as T
}

/** The same where the description does not say what the answer is like: the caller says it. */
export const askFor = <T>(answer: Promise<Answer<unknown>>): Promise<T> => ask(answer as Promise<Answer<T>>)

/** Calls what is not described: the console's own session. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { ...ours, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw noAnswer()
  }
  const text = await response.text()
  let read: unknown
  try {
    read = text === '' ? undefined : JSON.parse(text)
  } catch {
    throw new Problem(response.status, 'unreadable', 'The answer is not what this page expects. Is a proxy between?')
  }
  if (!response.ok) throw problemOf(response, read)
  return read as T
}
