// Sends with @segment/analytics-node until its standard input ends, as a server of a customer would under load, and sends again with the
// same messageId whatever the SDK gives up on. Prints one line per acknowledged message: its id and its user.
// Usage: node load.mjs <address of the API> <write key> <prefix of the ids> <people>
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, prefix, people] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 10, flushInterval: 100, maxRetries: 5 })
analytics.on('error', () => {})

let running = true
let underWay = 0
let retries = 0
process.stdin.on('end', () => (running = false)).resume()

function send(message) {
  underWay++
  const user = message.userId
  analytics[message.type]({ ...message, type: undefined }, (error) => {
    if (error) {
      retries++
      setTimeout(() => { underWay--; send(message) }, 200)
    } else {
      underWay--
      console.log(`${message.messageId} ${user}`)
    }
  })
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
for (let number = 0; running || underWay > 0; number++) {
  if (running && underWay < 200) {
    const user = `${prefix}${number % Number(people)}`
    const messageId = `${prefix}-${number}`
    if (number % 5 === 0) {
      const anonymousId = `${user}-${number % 2}`
      send({ type: 'identify', messageId, userId: user, anonymousId, traits: { email: `${user}@example.com` } })
    } else {
      send({ type: 'track', messageId, userId: user, event: 'Order Completed', properties: { total: number } })
    }
  }

  await pause(20)
}

await analytics.closeAndFlush({ timeout: 30_000 })
console.error(`the SDK gave up on ${retries} messages, which were sent again`)
