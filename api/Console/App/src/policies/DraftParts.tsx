import { ActionDialog } from '../frame/ActionDialog'
import { Button, Card, Notice, ProblemNotice } from '../frame/parts'
import { Changes } from './Changes'
import type { Policy } from './PolicyPage'
import type { Draft } from './useDraft'

/** What every page that edits a policy has around its editor. */

export function PutInForce({ draft }: { draft: Draft }) {
  const { comparison } = draft.checked
  return (
    <ActionDialog
      label="Put in force"
      kind="primary"
      isDisabled={!draft.isChanged || !comparison}
      title={`Put ${draft.base.kind} in force`}
      confirm="Put in force"
      onConfirm={draft.put}
    >
      <p>The node that answers decides by it at once, the others within a second. Where the kind needs four eyes it becomes a proposal.</p>
      {comparison && <Changes comparison={comparison} />}
    </ActionDialog>
  )
}

export const DraftNotices = ({ draft, policy }: { draft: Draft; policy: Policy }) => (
  <>
    {draft.isOvertaken && (
      <Notice title="Somebody else changed it meanwhile" end={<Button onPress={draft.takeNew}>Take theirs, drop my edits</Button>}>
        Version {policy.version} is in force now, by {policy.by}. Your text is still here; it can’t be put in force over theirs unseen.
      </Notice>
    )}
    {draft.done && <Notice kind="good" title={draft.done} />}
  </>
)

export const Check = ({ draft: { isChanged, checked } }: { draft: Draft }) => (
  <Card title="Check">
    <div aria-live="polite" className="stack tight">
      {!isChanged && <p className="soft">This is the file that is in force. Edit it, and it is checked as you type.</p>}
      {isChanged && checked.isBusy && <p className="soft">Checking…</p>}
      {isChanged && checked.error && !checked.isBusy && <ProblemNotice error={checked.error} />}
      {isChanged && checked.comparison && !checked.error && <Changes comparison={checked.comparison} />}
    </div>
  </Card>
)
