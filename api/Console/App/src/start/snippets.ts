/** What a newcomer pastes. The SDKs are Segment's, unchanged: they are told this grid's address and key, nothing else. */

export const snippets = {
  browser: {
    label: 'Browser',
    install: 'npm install @segment/analytics-next',
    text: (grid: string, key: string) => `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load({
  writeKey: '${key}',
  cdnURL: '${grid}',
})

analytics.page('Home')
analytics.identify('jane', { email: 'jane@example.com', plan: 'pro' })`,
  },
  node: {
    label: 'Node',
    install: 'npm install @segment/analytics-node',
    text: (grid: string, key: string) => `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${grid}' })

analytics.identify({ userId: 'jane', traits: { email: 'jane@example.com', plan: 'pro' } })
analytics.track({ userId: 'jane', event: 'Order Completed', properties: { total: 49.9 } })
await analytics.closeAndFlush()`,
  },
  python: {
    label: 'Python',
    install: 'pip install segment-analytics-python',
    text: (grid: string, key: string) => `import segment.analytics as analytics

analytics.write_key = '${key}'
analytics.host = '${grid}'

analytics.identify('jane', {'email': 'jane@example.com', 'plan': 'pro'})
analytics.track('jane', 'Order Completed', {'total': 49.9})
analytics.flush()`,
  },
  curl: {
    label: 'curl',
    install: '',
    text: (grid: string, key: string) => `curl -u '${key}:' '${grid}/v1/identify?wait=applied' \\
  -d '{"userId":"jane","traits":{"email":"jane@example.com","plan":"pro"}}'`,
  },
} as const

export type SnippetName = keyof typeof snippets
