import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button, ProblemNotice } from './parts'

interface Props {
  /** The words on the button that opens it. */
  label: ReactNode
  kind?: 'primary' | 'danger' | 'quiet'
  isDisabled?: boolean
  title: string
  /** What happens, what goes with it, and fields to fill. */
  children: ReactNode
  confirm: string
  /** False: a field is not filled as it must be. */
  isReady?: boolean
  /** Does it; the dialog stays open with the problem where it throws. */
  onConfirm: () => Promise<unknown>
}

/** A button that asks before it changes something, and says why where that was refused. What was typed is kept until it is done. */
export function ActionDialog({ label, kind, isDisabled, title, children, confirm, isReady = true, onConfirm }: Props) {
  const [error, setError] = useState<Error | null>(null)
  const [isBusy, setBusy] = useState(false)

  const submit = async (event: FormEvent, close: () => void) => {
    event.preventDefault()
    if (!isReady || isBusy) return
    setBusy(true)
    try {
      await onConfirm()
      setError(null)
      close()
    } catch (problem) {
      setError(problem as Error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <DialogTrigger>
      <Button kind={kind} isDisabled={isDisabled}>
        {label}
      </Button>
      <ModalOverlay className="modal-back" isDismissable>
        <Modal className="modal">
          <Dialog>
            {({ close }) => (
              <form className="stack" onSubmit={event => void submit(event, close)}>
                <Heading slot="title">{title}</Heading>
                {children}
                {error && <ProblemNotice error={error} />}
                <div className="row end">
                  <Button onPress={close}>Leave it</Button>
                  <Button type="submit" kind={kind === 'danger' ? 'danger' : 'primary'} isDisabled={!isReady || isBusy}>
                    {confirm}
                  </Button>
                </div>
              </form>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
