/** Why the API did not do what it was asked: its problem details, or that it did not answer at all. */
export class Problem extends Error {
  constructor(
    /** The HTTP status; 0: there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId?: string,
    readonly faults: Fault[] = [],
    readonly retryAfterSeconds = 0,
  ) {
    super(message)
  }
}

/** What is wrong with a file, and in which line. */
export interface Fault {
  line: number
  rule: string
  message: string
}

interface Details {
  code?: string
  message?: string
  detail?: string
  requestId?: string
  errors?: Fault[]
}

export function problemOf(response: Response, body: unknown): Problem {
  const details = (typeof body === 'object' && body !== null ? body : {}) as Details
  return new Problem(
    response.status,
    details.code ?? 'unknown',
    details.message ?? details.detail ?? `The API answered ${response.status}.`,
    details.requestId ?? response.headers.get('X-Request-Id') ?? undefined,
    details.errors ?? [],
    Number(response.headers.get('Retry-After') ?? 0),
  )
}

export const noAnswer = () => new Problem(0, 'no_answer', 'The grid does not answer.')

/** There is nothing of the kind (yet). */
export const isMissing = (error: unknown) => error instanceof Problem && error.status === 404
