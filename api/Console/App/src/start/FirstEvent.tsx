import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask, askFor } from '../frame/client'
import { customerPath, Go } from '../frame/navigation'
import { Button, Card, Chip, Notice, ProblemNotice } from '../frame/parts'
import { useSession } from '../frame/session'
import { Time } from '../frame/values'

/** Sends an event of this page's own and shows what became of it. */
export function FirstEvent() {
  const { caller } = useSession()
  const [messageId, setMessageId] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const receipt = useQuery({
    queryKey: ['receipt', messageId],
    enabled: messageId !== null,
    queryFn: () => ask(api.GET('/v1/receipts/{messageId}', { params: { path: { messageId: messageId! } } })),
    // It is there once the message was applied, which may be a moment after it was taken in.
    retry: 5,
    refetchInterval: query => (query.state.data?.applied ? false : 1_000),
  })

  const send = async () => {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${performance.now()}`
    try {
      await askFor(
        api.POST('/v1/track', {
          params: { query: { wait: 'applied' } },
          body: { messageId: id, anonymousId: `console-${caller.name}`, event: 'Console Tested', properties: { page: location.pathname } } as never,
        }),
      )
      setError(null)
      setMessageId(id)
    } catch (problem) {
      setError(problem as Error)
    }
  }

  const arrived = receipt.data
  return (
    <Card title="3. See it arrive">
      <div className="row">
        <Button kind="primary" onPress={() => void send()}>
          Send a test event
        </Button>
        <span className="soft">It is one of this page’s own, under your name.</span>
      </div>
      {error && <ProblemNotice error={error} />}
      {messageId && receipt.error && <ProblemNotice error={receipt.error} retry={() => void receipt.refetch()} />}
      {arrived && (
        <Notice kind="good" title={arrived.applied ? 'It has arrived, and is in a profile' : 'It has arrived, and is on its way into a profile'}>
          <p className="row">
            <Chip square>{arrived.type}</Chip> taken in <Time at={arrived.receivedAt} /> from {arrived.source}
          </p>
          {arrived.customerId && (
            <p>
              <Go to={customerPath(`customer:${arrived.customerId}`)}>See who it belongs to</Go>
            </p>
          )}
        </Notice>
      )}
    </Card>
  )
}
