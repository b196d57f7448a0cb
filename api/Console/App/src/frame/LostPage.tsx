import { type ErrorComponentProps } from '@tanstack/react-router'
import { Go } from './navigation'
import { Empty, PageHead, ProblemNotice } from './parts'
import { useSession } from './session'

/** What stands at an address that has no page, or one that is not for this person. */
export function LostPage({ isClosed = false }: { isClosed?: boolean }) {
  const { caller } = useSession()
  return (
    <>
      <PageHead title={isClosed ? 'This page is not for your role' : 'There is no such page'} />
      <div className="card">
        <Empty title={isClosed ? `You are signed in as ${caller.name} (${caller.roles.join(', ')}).` : 'The address may be mistyped.'}>
          <p>
            {isClosed && 'Ask whoever runs the grid for a role that may do this, or sign in with another key. '}
            <Go to="/">Go home</Go>
          </p>
        </Empty>
      </div>
    </>
  )
}

export function PageFault({ error, reset }: ErrorComponentProps) {
  return <ProblemNotice error={error as Error} retry={reset} />
}
