// Sends one message of each kind with @segment/analytics-node, as a server of a customer would.
// Usage: node send.mjs <address of the API> <write key> <prefix of the ids>
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, prefix] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 4, flushInterval: 200 })

const failures = []
let answers = 0
analytics.on('error', (failure) => failures.push(`${failure.code}: ${failure.reason?.message ?? failure.reason}`))
analytics.on('http_request', () => answers++)

const userId = `${prefix}-user`
const anonymousId = `${prefix}-anonymous`
analytics.identify({ userId, anonymousId, traits: { email: `${prefix}@example.com`, plan: 'gold', seats: 3 } })
analytics.track({ userId, event: 'Order Completed', properties: { total: 12.5, currency: 'EUR' } })
analytics.page({ userId, anonymousId, name: 'Pricing', properties: { url: 'https://shop.example/pricing' } })
analytics.screen({ userId, name: 'Basket' })
analytics.group({ userId, groupId: `${prefix}-account`, traits: { name: 'Acme', employees: 42 } })
analytics.alias({ userId, previousId: anonymousId })
analytics.track({ anonymousId, event: 'Größe gewählt 👟', timestamp: new Date(Date.now() - 60_000) })

await analytics.closeAndFlush({ timeout: 30_000 })
console.log(JSON.stringify({ sent: 7, requests: answers, failures }))
process.exit(failures.length === 0 ? 0 : 1)
