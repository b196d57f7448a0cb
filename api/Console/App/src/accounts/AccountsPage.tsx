import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Button, Card, PageHead, TextInput } from '../frame/parts'

/** The way to an account. The API finds one by its id; it lists none. */
export default function AccountsPage() {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const open = (event: FormEvent) => {
    event.preventDefault()
    if (id.trim()) void navigate({ to: `/accounts/${encodeURIComponent(id.trim())}` })
  }
  return (
    <>
      <PageHead title="Accounts" about="A company, what is known of it, and the people in it." />
      <Card title="Open an account">
        <form className="row" style={{ alignItems: 'end' }} onSubmit={open}>
          <TextInput label="Account id" value={id} onChange={setId} help="The groupId of group calls, or the id of the CRM." placeholder="acme" autoFocus />
          <Button type="submit" kind="primary" isDisabled={id.trim() === ''}>
            Open
          </Button>
        </form>
      </Card>
    </>
  )
}
