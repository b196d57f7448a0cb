import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { api, ask } from '../frame/client'
import type { filterOf } from './filter'

interface Props {
  name: string
  filter: ReturnType<typeof filterOf>
}

/** Sends again what is done, by the filters of the page: consent and access are asked anew. */
export function Replay({ name, filter }: Props) {
  const queries = useQueryClient()
  const [told, setTold] = useState('')
  const replay = async () => {
    const query = { ...filter, outcome: filter.outcome ?? ('failed' as const) }
    const answer = await ask(api.POST('/v1/destinations/{name}:replay', { params: { path: { name }, query } }))
    setTold(`${answer.replayed.toLocaleString()} wait again.${answer.hasMore ? ' There are more: replay again.' : ''}`)
    await Promise.all([['deliveries', name], ['destinations']].map(queryKey => queries.invalidateQueries({ queryKey })))
  }
  const said = [
    filter.reason && `with the reason ${filter.reason}`,
    filter.customer && `of ${filter.customer}`,
    filter.from && 'from that day',
    filter.to && 'up to that day',
  ].filter(Boolean)
  return (
    <>
      <ActionDialog label="Replay these" isDisabled={filter.outcome === 'waiting'} title={`Send again to ${name}`} confirm="Replay" onConfirm={replay}>
        <p>
          What was <strong>{filter.outcome ?? 'given up'}</strong>
          {said.length > 0 && `, ${said.join(', ')},`} is put among what waits, 1,000 at most at once.
        </p>
        <p>A profile is sent as it is now. What is not allowed today is withheld; a receiver knows repeats by their id.</p>
      </ActionDialog>
      <span role="status" className="small">
        {told}
      </span>
    </>
  )
}
