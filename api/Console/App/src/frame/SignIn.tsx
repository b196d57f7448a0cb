import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import mark from './mark.svg'
import { call, sessionPath } from './client'
import { Button, Notice, ProblemNotice, TextInput } from './parts'
import { type Caller, type SessionAnswer, sessionKey } from './session'

/** The first page of whoever is not signed in. */
export function SignInPage({ answer, error, retry }: { answer?: SessionAnswer; error: Error | null; retry: () => void }) {
  const failed = new URLSearchParams(location.search).get('signIn')
  return (
    <main className="sign-in">
      <div className="card">
        <h1 className="row">
          <img src={mark} alt="" width="32" height="32" /> Customer 360 Grid
        </h1>
        {error && <ProblemNotice error={error} retry={retry} />}
        {failed === 'refused' && (
          <Notice kind="warn" title="You are known to the provider, but not here">
            Your account has no role of this grid. Whoever runs it can give you one.
          </Notice>
        )}
        {failed === 'failed' && <Notice kind="warn" title="The sign-in did not come to its end">Try it again.</Notice>}
        {answer && <SignInForm answer={answer} />}
      </div>
    </main>
  )
}

/** Lies over a page whose session has ended. The page stays as it is, with all that was typed. */
export function SignInAgain({ answer, former }: { answer: SessionAnswer; former: Caller }) {
  return (
    <ModalOverlay isOpen className="modal-back">
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">Your session has ended</Heading>
          <p className="soft">
            You were signed in as <bdi>{former.name}</bdi>. What you typed is kept: sign in, and go on where you were.
          </p>
          <SignInForm answer={answer} inNewWindow />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function SignInForm({ answer, inNewWindow = false }: { answer: SessionAnswer; inNewWindow?: boolean }) {
  const queries = useQueryClient()
  const [key, setKey] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const [isBusy, setBusy] = useState(false)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const begun = await call<SessionAnswer>('POST', sessionPath, { key })
      setError(null)
      setKey('')
      queries.setQueryData(sessionKey, begun)
      await queries.invalidateQueries({ predicate: query => query.queryKey[0] !== sessionKey[0] })
    } catch (problem) {
      setError(problem as Error)
    } finally {
      setBusy(false)
    }
  }

  const provider = answer.signIn.openId
  return (
    <div className="stack">
      {provider && (
        <a
          className="button primary"
          href={`${provider}?returnTo=${encodeURIComponent(location.pathname + location.search)}`}
          target={inNewWindow ? '_blank' : undefined}
          rel="noopener"
        >
          Sign in with your organization
        </a>
      )}
      {provider && inNewWindow && (
        <Button onPress={() => void queries.invalidateQueries({ queryKey: sessionKey })}>I have signed in there</Button>
      )}
      {answer.signIn.key && (
        <form className="stack" onSubmit={event => void signIn(event)}>
          <TextInput
            label="Key"
            type="password"
            value={key}
            onChange={setKey}
            autoComplete="current-password"
            autoFocus
            isRequired
            help={
              answer.isDevelopment
                ? 'The start of the API printed one of each role; the admin key opens every page.'
                : 'A key with the role read or admin, or a role of your access policy.'
            }
          />
          {error && <ProblemNotice error={error} />}
          <Button type="submit" kind="primary" isDisabled={isBusy || key.trim() === ''}>
            Sign in
          </Button>
          <p className="small soft">The key is sent once and kept from scripts: the browser gets a sealed cookie in its place.</p>
        </form>
      )}
    </div>
  )
}
