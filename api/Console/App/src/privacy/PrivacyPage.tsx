import { PageHead } from '../frame/parts'
import { TabLinks, useSearchState } from '../frame/navigation'
import { isAdmin, mayDo, mayRead, useSession } from '../frame/session'
import { AuditTab } from './AuditTab'
import { CoverageTab } from './CoverageTab'
import { KeysTab } from './KeysTab'
import { RequestsTab } from './RequestsTab'

/** What persons asked, who did what, and who may call. */
export default function PrivacyPage() {
  const { caller } = useSession()
  const [search] = useSearchState()
  const tabs = [
    ...(mayDo(caller, 'privacy') ? [['requests', 'Requests'] as const, ['coverage', 'Consent'] as const] : []),
    ...(mayRead(caller) ? [['audit', 'Audit log'] as const] : []),
    ...(isAdmin(caller) ? [['keys', 'Keys'] as const] : []),
  ]
  const tab = tabs.find(([name]) => name === search.tab)?.[0] ?? tabs[0][0]
  return (
    <>
      <PageHead title="Privacy and audit" about="What persons asked about their data, who did what and read whom, and who may call the grid." />
      <TabLinks label="Privacy and audit" tabs={tabs} current={tab} />
      {tab === 'requests' && <RequestsTab />}
      {tab === 'coverage' && <CoverageTab />}
      {tab === 'audit' && <AuditTab />}
      {tab === 'keys' && <KeysTab />}
    </>
  )
}
