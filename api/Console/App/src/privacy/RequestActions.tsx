import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { CopyButton } from '../frame/calls'
import { api, askFor } from '../frame/client'
import { Notice } from '../frame/parts'
import type { PrivacyRequest } from './types'

/** What an officer may do with a request as it stands. */
export function RequestActions({ request }: { request: PrivacyRequest }) {
  const queries = useQueryClient()
  const [picked, setPicked] = useState<string[]>([])
  const [link, setLink] = useState<string | null>(null)
  const at = { params: { path: { requestId: request.id } } }
  const again = () => queries.invalidateQueries({ queryKey: ['privacy-requests'] })

  const decide = async () => {
    await askFor(api.POST('/v1/privacy/requests/{requestId}:decide', { ...at, body: { customerIds: picked } as never }))
    await again()
  }
  const cancel = async () => {
    await askFor(api.DELETE('/v1/privacy/requests/{requestId}', at))
    await again()
  }
  const lift = async () => {
    await askFor(api.POST('/v1/privacy/requests/{requestId}:lift', at as never))
    await again()
  }
  const makeLink = async () => {
    const answer = await askFor<{ path: string }>(api.POST('/v1/privacy/requests/{requestId}:link', at))
    setLink(new URL(answer.path, location.origin).href)
  }

  const isPackage = request.type === 'access' || request.type === 'portability'
  return (
    <>
      {request.status === 'needs-decision' && (
        <>
          <ActionDialog label="Decide who is meant" kind="primary" title="Who is meant?" confirm="These" isReady={picked.length > 0} onConfirm={decide}>
            <ul className="list">
              {(request.candidates ?? []).map(one => (
                <li key={one.customerId}>
                  <label className="row">
                    <input
                      type="checkbox"
                      checked={picked.includes(one.customerId)}
                      onChange={event => setPicked(event.target.checked ? [...picked, one.customerId] : picked.filter(id => id !== one.customerId))}
                    />
                    <code className="wrap">{one.customerId}</code> {one.shared && '(by a value that many share)'}
                  </label>
                </li>
              ))}
            </ul>
          </ActionDialog>
          <ActionDialog label="Cancel" title="Cancel the request" confirm="Cancel it" kind="danger" onConfirm={cancel}>
            <p>Nothing has been done yet.</p>
          </ActionDialog>
        </>
      )}
      {isPackage && request.status === 'done' && !link && (
        <ActionDialog label="Make a link" title="A link to the package" confirm="Make it" onConfirm={makeLink}>
          <p>It needs no key, leads to the package once, and ends after seven days. Hand it to the person alone.</p>
        </ActionDialog>
      )}
      {link && (
        <Notice kind="good" title="The link is shown now and never again" end={<CopyButton text={link} />}>
          <code>{link}</code>
        </Notice>
      )}
      {request.type === 'restriction' && request.status === 'done' && !request.liftedAt && (
        <ActionDialog label="Lift" title="Lift the restriction" confirm="Lift" onConfirm={lift}>
          <p>From now on the person is shown again to whoever may see them.</p>
        </ActionDialog>
      )}
    </>
  )
}
