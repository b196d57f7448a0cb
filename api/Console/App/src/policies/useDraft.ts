import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { call } from '../frame/client'
import { type Fault, Problem } from '../frame/problem'
import type { Policy } from './PolicyPage'
import { useChecked } from './useChecked'

const noFaults: Fault[] = []

/** A policy's text as somebody edits it: what the grid says of it, and what becomes of it when others change the file meanwhile. */
export function useDraft(policy: Policy) {
  const queries = useQueryClient()
  const [base, setBase] = useState(policy)
  const [text, setText] = useState(policy.yaml)
  // The editor begins anew where it is given another text; what is typed in it is its own.
  const [edition, setEdition] = useState(0)
  const [done, setDone] = useState<string | null>(null)
  const isChanged = text !== base.yaml
  const checked = useChecked(base.kind, text, isChanged)

  const takeNew = useCallback(() => {
    setBase(policy)
    setText(policy.yaml)
    setEdition(before => before + 1)
  }, [policy])

  const takeBack = () => {
    setText(base.yaml)
    setEdition(before => before + 1)
  }

  const put = async () => {
    const answer = await call<Policy>('PUT', `/v1/policies/${base.kind}`, undefined, { text, ifMatch: `"${base.version}"` })
    const isInForce = answer.yaml === text
    setDone(isInForce ? 'It is in force.' : 'It is a proposal: another person approves it below.')
    setBase(isInForce ? answer : { ...base, proposals: answer.proposals })
    await queries.invalidateQueries({
      predicate: query => ['policy', 'policies', 'policy-history', 'audiences', 'audience', 'jobs'].includes(String(query.queryKey[0])),
    })
  }

  return {
    base,
    text,
    setText,
    edition,
    done,
    isChanged,
    checked,
    faults: checked.error instanceof Problem ? checked.error.faults : noFaults,
    isOvertaken: policy.version !== base.version,
    takeNew,
    takeBack,
    put,
  }
}

export type Draft = ReturnType<typeof useDraft>
