// Opens a page that uses @segment/analytics-next in headless Chromium. The page is served from another origin than the
// API, so the browser asks for leave (CORS) as it does on a real site.
// Usage: node send.mjs <address of the API> <write key> <prefix of the ids> <standard|batching> <messages to wait for>
//    or: node send.mjs <address of the API> <write key> <prefix of the ids> consent <messages to wait for> <choices> <changed>
// where the page uses Segment's consent wrapper too; choices are JSON, and the changed ones null where nothing is to be sent.
import { createServer } from 'node:http'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { chromium } from 'playwright-core'

const [api, writeKey, prefix, mode, expected, choices = '', changed = ''] = process.argv.slice(2)
const packages = fileURLToPath(new URL('../node_modules/', import.meta.url))
const sdkFolder = path.join(packages, '@segment/analytics-next/dist/umd/')
const page = fileURLToPath(new URL(mode === 'consent' ? 'consent.html' : 'page.html', import.meta.url))

// The wrapper's modules name each other without an extension, as bundlers allow.
const moduleFile = async (name) => {
  const file = path.join(packages, name.slice('/packages/'.length))
  for (const ending of ['', '.js', '/index.js']) {
    if ((await stat(file + ending).catch(() => null))?.isFile()) return { file: file + ending, ending }
  }
  throw new Error('There is no such module.')
}

const server = createServer(async (request, response) => {
  const name = new URL(request.url, 'http://page').pathname
  try {
    const isSdk = name.startsWith('/sdk/')
    const isModule = name.startsWith('/packages/')
    const module = isModule ? await moduleFile(name) : null
    if (module?.ending === '/index.js') {
      // What stands in a folder names its neighbours from there.
      response.writeHead(302, { location: name + module.ending }).end()
      return
    }
    const file = isSdk ? path.join(sdkFolder, path.basename(name)) : (module?.file ?? page)
    response.setHeader('content-type', isSdk || isModule ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(await readFile(file))
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const result = { answers: [], messages: 0, problems: [] }
try {
  const tab = await browser.newPage()
  tab.on('console', (line) => line.type() === 'error' && result.problems.push(line.text()))
  tab.on('pageerror', (error) => result.problems.push(error.message))
  tab.on('requestfailed', (request) => result.problems.push(`${request.url()} ${request.failure()?.errorText}`))
  tab.on('response', (response) => {
    const request = response.request()
    if (!response.url().startsWith(api)) return
    result.answers.push(`${request.method()} ${new URL(response.url()).pathname.replace(writeKey, '{key}')} ${response.status()}`)
    if (request.method() === 'POST' && response.ok()) {
      result.messages += JSON.parse(request.postData()).batch?.length ?? 1
    }
  })
  const address = new URL(`http://127.0.0.1:${server.address().port}/`)
  address.search = new URLSearchParams({ api, writeKey, prefix, mode, choices, changed })
  await tab.goto(address.href)
  await tab.waitForFunction(() => window.calls, undefined, { timeout: 20_000 })
  const deadline = Date.now() + 20_000
  while (result.messages < Number(expected) && Date.now() < deadline) {
    await tab.waitForTimeout(50)
  }
} catch (error) {
  result.problems.push(error.message)
} finally {
  await browser.close()
  server.close()
}

console.log(JSON.stringify(result))
process.exit(result.problems.length === 0 && result.messages >= Number(expected) ? 0 : 1)
