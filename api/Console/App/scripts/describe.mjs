// Writes src/frame/api.d.ts from the description of a running API: `npm run describe -- http://localhost:8360`.
// With --check it changes nothing, and fails where the file was made from another description: its first line says from which.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const address = process.argv.slice(2).find(word => !word.startsWith('--')) ?? 'http://localhost:8360'
const isCheck = process.argv.includes('--check')
const target = resolve(import.meta.dirname, '../src/frame/api.d.ts')

const description = JSON.stringify(withoutWords(await (await fetch(new URL('/openapi/v1.json', address))).json()))
const stamp = `// Made by scripts/describe.mjs from the description ${createHash('sha256').update(description).digest('hex').slice(0, 16)}.\n`

if (isCheck) {
  if (!readFileSync(target, 'utf8').startsWith(stamp)) {
    console.error('src/frame/api.d.ts is stale: start the API and run `npm run describe -- ADDRESS` in api/Console/App.')
    process.exitCode = 1
  }
} else {
  const folder = mkdtempSync(join(tmpdir(), 'console-api-'))
  try {
    const source = join(folder, 'openapi.json')
    const made = join(folder, 'api.d.ts')
    writeFileSync(source, description)
    execFileSync('npx', ['--yes', 'openapi-typescript@7.13.0', source, '-o', made], { stdio: ['ignore', 'ignore', 'inherit'] })
    writeFileSync(target, stamp + readFileSync(made, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Types need no examples, and no problems: those have one shape everywhere. */
function withoutWords(value) {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => !(name === 'example' || name === 'examples') && !(name === 'description' && typeof one === 'string'))
      .filter(([name, one]) => !(/^[45]\d\d$/.test(name) && one && typeof one === 'object' && 'content' in one))
      .filter(([name]) => !name.startsWith('/opendsr') && !name.startsWith('/v1/spaces') && !name.startsWith('/webhooks'))
      .map(([name, one]) => [name, withoutWords(one)]),
  )
}
