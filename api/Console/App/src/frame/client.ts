import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './api'
import { noAnswer, Problem, problemOf } from './problem'

/** Says that a request comes from these pages. A page of another origin can't send it. */
const ours = { 'X-Console': '1' }

/** Where sessions begin and end. */
export const sessionPath = '/console/session'

/** Called when a session has ended, whoever notices it. */
export const whenSessionEnds = new Set<() => void>()

function watchSession(response: Response) {
  if (response.status === 401 && !response.url.endsWith(sessionPath)) whenSessionEnds.forEach(tell => tell())
}

const watch: Middleware = {
  onResponse: ({ response }) => watchSession(response),
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

/** A body that is a file, and the version that it is to replace. */
interface File {
  text: string
  ifMatch?: string
}

/** Calls what the typed client has no words for: the console's own session, and bodies that are files. */
export async function call<T>(method: string, path: string, body?: unknown, file?: File): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...ours,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(file ? { 'Content-Type': 'application/yaml' } : {}),
        ...(file?.ifMatch ? { 'If-Match': file.ifMatch } : {}),
      },
      body: file ? file.text : body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw noAnswer()
  }
  watchSession(response)
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
