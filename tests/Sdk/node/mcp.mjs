// Walks the tools of /mcp with the official TypeScript clients, as an agent's host does. Prints one line of JSON:
// {"server":{…},"instructions","tools":[{"name","title","readOnly"}],"answers":{tool:{"isError","data","text"}},"nobody":{…},"unauthorized"}
// Usage: node mcp.mjs <sdk, the one of the 2025 revisions, or client, its successor> <address of /mcp> <key> <identifier>
const [library, address, key, identifier] = process.argv.slice(2)
const { Client, StreamableHTTPClientTransport } =
  library === 'client'
    ? await import('@modelcontextprotocol/client')
    : {
        ...(await import('@modelcontextprotocol/sdk/client/index.js')),
        ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
      }

const connect = async (secret) => {
  const client = new Client({ name: 'customer360-tests', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(address), {
    requestInit: { headers: { Authorization: `Bearer ${secret}` } },
  })
  await client.connect(transport)
  return client
}

const client = await connect(key)
const { tools } = await client.listTools()

// The client checks each answer against the tool's output schema, and throws where it is another.
const answers = {}
const calls = {
  find_customer: { identifiers: [identifier] },
  get_profile: { identifier },
  explain_identity: { identifier },
  timeline: { identifier, limit: 2 },
  consent: { identifier },
  account_overview: { account: 'acme' },
  route_dry_run: { facts: { country: 'DE' } },
  mastered_where: { field: 'plan' },
  data_quality: {},
  catalog: { kind: 'policy' },
  data_held: { identifier },
  attribution_report: { from: '2026-01-01', to: '2026-02-01', models: ['first'] },
  reconciliation: { from: '2026-01-01', to: '2026-02-01' },
  audience_size: { audience: 'viewers', with: 'buyers' },
  audience_why: { audience: 'viewers', identifier },
  decide: { identifier, placements: ['hero'], explain: true },
}
for (const [name, args] of Object.entries(calls)) {
  const answer = await client.callTool({ name, arguments: args })
  answers[name] = { isError: answer.isError === true, data: answer.structuredContent?.data ?? null, text: answer.content[0].text }
}

const nobody = await client.callTool({ name: 'get_profile', arguments: { identifier: 'email:nobody@example.com' } })
const unauthorized = await connect('wrong').then(
  () => null,
  (failure) => `${failure.code} ${failure.message}`,
)

await client.close()
console.log(
  JSON.stringify({
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    tools: tools.map((tool) => ({ name: tool.name, title: tool.title, readOnly: tool.annotations?.readOnlyHint })),
    answers,
    nobody: { isError: nobody.isError === true, text: nobody.content[0].text },
    unauthorized,
  }),
)
