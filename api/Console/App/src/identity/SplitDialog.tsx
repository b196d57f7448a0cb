import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionDialog } from '../frame/ActionDialog'
import { api, askFor } from '../frame/client'
import { customerPath, Go } from '../frame/navigation'
import { Notice, TextInput } from '../frame/parts'
import { type ExplainedIdentifier, nameOf } from './types'

interface Split {
  customerId: string
  splitCustomerId: string
}

interface Props {
  identifier: string
  all: ExplainedIdentifier[]
  leaving: ExplainedIdentifier[]
  onDone: () => void
}

/** Takes identifiers away from a customer, after showing who then has which. */
export function SplitDialog({ identifier, all, leaving, onDone }: Props) {
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [made, setMade] = useState<Split | null>(null)
  const staying = all.filter(one => !leaving.includes(one))

  const split = async () => {
    const answer = await askFor<Split>(
      api.POST('/v1/profiles/{identifier}/split', {
        params: { path: { identifier } },
        body: { identifiers: leaving.map(nameOf), reason: reason.trim() } as never,
      }),
    )
    setMade(answer)
    setReason('')
    onDone()
    await queries.invalidateQueries({ queryKey: ['customer'] })
  }

  return (
    <>
      {made && (
        <Notice kind="good" title="They are two now">
          <Go to={customerPath(`customer:${made.splitCustomerId}`)}>See the new customer</Go>
        </Notice>
      )}
      <ActionDialog
        label={leaving.length === 0 ? 'Split' : `Split off ${leaving.length}`}
        isDisabled={leaving.length === 0}
        kind="danger"
        title="Make two customers of one"
        confirm="Split"
        isReady={reason.trim() !== '' && staying.length > 0}
        onConfirm={split}
      >
        <div className="columns even">
          <Side title="Stay" identifiers={staying} />
          <Side title="Leave, as a new customer" identifiers={leaving} />
        </div>
        {staying.length === 0 && <Notice title="One identifier must stay">Otherwise nothing would be left behind.</Notice>}
        <p className="soft">
          What was learned under an identifier goes with it. Messages that carry both will not join them again. It can be taken back by nobody but a new merge.
        </p>
        <TextInput label="Reason" value={reason} onChange={setReason} help="It is shown to whoever asks why. Do not name a person." isRequired />
      </ActionDialog>
    </>
  )
}

const Side = ({ title, identifiers }: { title: string; identifiers: ExplainedIdentifier[] }) => (
  <section>
    <h3>{title}</h3>
    <ul className="list">
      {identifiers.slice(0, 30).map(one => (
        <li key={nameOf(one)} className="wrap">
          <bdi>{nameOf(one)}</bdi>
        </li>
      ))}
      {identifiers.length > 30 && <li className="soft">and {identifiers.length - 30} more</li>}
    </ul>
  </section>
)
