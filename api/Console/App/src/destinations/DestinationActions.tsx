import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import type { components } from '../frame/api'
import { api, ask } from '../frame/client'
import { Button } from '../frame/parts'
import { type Destination, words } from './parts'

type Test = components['schemas']['DestinationTestAnswer']

/** Test, pause and resume. Both latter are in the audit. */
export function DestinationActions({ destination }: { destination: Destination }) {
  const queries = useQueryClient()
  const path = { name: destination.name }
  const isStopped = destination.status !== 'running'
  const set = async (resumes: boolean) => {
    await ask(resumes ? api.POST('/v1/destinations/{name}:resume', { params: { path } }) : api.POST('/v1/destinations/{name}:pause', { params: { path } }))
    await queries.invalidateQueries({ queryKey: ['destinations'] })
  }
  return (
    <>
      <TestSend destination={destination} />
      {isStopped ? (
        <ActionDialog label="Resume" kind="primary" title={`Send to ${destination.name} again`} confirm="Resume" onConfirm={() => set(true)}>
          <p>What waits is sent, in order per customer. Consent and access are asked as each is sent.</p>
        </ActionDialog>
      ) : (
        <ActionDialog label="Pause" kind="danger" title={`Pause ${destination.name}`} confirm="Pause" onConfirm={() => set(false)}>
          <p>Nothing more is sent, deletions neither, and what waits is kept.</p>
        </ActionDialog>
      )}
    </>
  )
}

function TestSend({ destination }: { destination: Destination }) {
  const [said, setSaid] = useState('')
  const [isBusy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    try {
      setSaid(wordsOf(await ask(api.POST('/v1/destinations/{name}:test', { params: { path: { name: destination.name } } }))))
    } catch (problem) {
      setSaid((problem as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <span role="status" className="small wrap">
        {said}
      </span>
      <Button isDisabled={isBusy} onPress={() => void send()}>
        Send a test
      </Button>
    </>
  )
}

function wordsOf(test: Test): string {
  const answer = test.isTaken ? 'The test was taken' : `The test was not taken: ${words(test.reason ?? 'no reason told')}`
  return `${answer}${test.status ? `, HTTP ${test.status}` : ''}, ${test.seconds.toFixed(2)} s.`
}
