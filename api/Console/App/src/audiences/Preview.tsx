import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../frame/client'
import { type Job, JobState, useJob } from '../frame/jobs'
import { useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, ProblemNotice } from '../frame/parts'
import { Value } from '../frame/values'
import type { Draft } from '../policies/useDraft'

interface Counts {
  audience: string
  isGone: boolean
  before: number
  after: number
  enter: number
  leave: number
  stay: number
  identifiers: Record<string, number>
  examples: string[]
}

interface Result {
  customers: number
  audiences: Counts[]
}

/** What the edited file would make of the members: a job that reads all customers and changes nothing. */
export function Preview({ draft, first }: { draft: Draft; first: string | null }) {
  const queries = useQueryClient()
  const [search, change] = useSearchState()
  // The file that was counted; another one since then is said so.
  const [counted, setCounted] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const { data: job, error: lost } = useJob(search.job)
  const isValid = !draft.isChanged || (draft.checked.comparison !== null && !draft.checked.isBusy)
  const begin = async () => {
    try {
      const begun = (await ask(api.POST('/v1/audiences:preview', { body: { policy: draft.text } as never }))) as Job
      setError(null)
      setCounted(draft.text)
      change({ job: begun.id }, true)
      await queries.invalidateQueries({ queryKey: ['jobs'] })
    } catch (problem) {
      setError(problem as Error)
    }
  }
  const result = job?.result as Result | null | undefined
  return (
    <Card
      title="Who would be in it"
      end={
        <Button onPress={() => void begin()} isDisabled={!isValid || job?.status === 'running'}>
          Count
        </Button>
      }
    >
      {(error ?? lost) && <ProblemNotice error={(error ?? lost)!} />}
      {job && <JobState job={job} name="preview" lost="Nothing is changed by it." />}
      {!job && !error && <p className="soft">Counts, over all customers, who would enter, leave and stay. Nothing is changed.</p>}
      {result && counted !== draft.text && <p className="small soft">It was counted for another text than the one that stands here.</p>}
      {result && <Results result={result} first={first} />}
    </Card>
  )
}

function Results({ result, first }: { result: Result; first: string | null }) {
  const isTold = (one: Counts) => one.audience === first || one.enter > 0 || one.leave > 0 || one.isGone
  const shown = result.audiences.filter(isTold).sort((one, other) => Number(other.audience === first) - Number(one.audience === first))
  const same = result.audiences.length - shown.length
  return (
    <div className="stack" aria-live="polite">
      <p className="small soft">Of {result.customers.toLocaleString()} customers.</p>
      {shown.length === 0 && <Empty title="Every audience would have the members that it has" />}
      {shown.map(one => (
        <section key={one.audience} className="stack tight" aria-label={one.audience}>
          <h3 className="wrap">
            {one.audience} {one.isGone && <Chip tone="bad">no longer there</Chip>}
          </h3>
          <p>
            <strong className="number">{one.after.toLocaleString()}</strong> members <span className="soft">instead of {one.before.toLocaleString()}</span>
          </p>
          <ul className="row">
            <li>
              <Chip tone={one.enter > 0 ? 'good' : 'plain'}>{one.enter.toLocaleString()} enter</Chip>
            </li>
            <li>
              <Chip tone={one.leave > 0 ? 'bad' : 'plain'}>{one.leave.toLocaleString()} leave</Chip>
            </li>
            <li>
              <Chip>{one.stay.toLocaleString()} stay</Chip>
            </li>
          </ul>
          {Object.keys(one.identifiers).length > 0 && (
            <p className="small soft">
              Reached by{' '}
              {Object.entries(one.identifiers)
                .map(([type, count]) => `${type} ${count.toLocaleString()}`)
                .join(', ')}
              .
            </p>
          )}
          {one.examples.length > 0 && (
            <details>
              <summary className="small">{one.examples.length} examples</summary>
              <ul className="stack tight small">
                {one.examples.map((example, index) => (
                  <li key={index}>
                    <Value value={example} mask="preview" />
                  </li>
                ))}
              </ul>
            </details>
          )}
        </section>
      ))}
      {same > 0 && <p className="small soft">{same === 1 ? 'One other stays as it is.' : `${same} others stay as they are.`}</p>}
    </div>
  )
}
