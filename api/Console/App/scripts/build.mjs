// Builds the console into a folder: `node scripts/build.mjs FOLDER [true]`. What `dotnet build` of the API calls.
// FOLDER/files holds what is served, FOLDER/built says that it is there and when.
// With `true` a registry that can't be reached is an error; otherwise the API is built without the console.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const app = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2])
const isRequired = process.argv[3] === 'true'
const lock = join(out, 'lock')
const lockAgeMax = 10 * 60 * 1000

mkdirSync(out, { recursive: true })
await takeLock()
try {
  install()
  run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'])
  const made = join(out, 'made')
  rmSync(made, { recursive: true, force: true })
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--outDir', made, '--emptyOutDir', '--logLevel', 'warn'])
  rmSync(join(out, 'files'), { recursive: true, force: true })
  renameSync(made, join(out, 'files'))
  writeFileSync(join(out, 'built'), new Date().toISOString())
} finally {
  rmSync(lock, { recursive: true, force: true })
}

/** Packages are installed anew only when the lock file is another one. */
function install() {
  const wanted = createHash('sha256').update(readFileSync(join(app, 'package-lock.json'))).digest('hex')
  const stamp = join(app, 'node_modules/.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  try {
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  } catch (error) {
    if (isRequired) throw error
    console.error('The console is left out of this build: its packages could not be installed.')
    rmSync(lock, { recursive: true, force: true })
    process.exit(0)
  }
  writeFileSync(stamp, wanted)
}

function run(program, args) {
  execFileSync(program, args, { cwd: app, stdio: ['ignore', 'inherit', 'inherit'], shell: program.endsWith('.cmd') })
}

/** Two builds at once take turns. A lock that its owner left behind when it was killed is broken after a while. */
async function takeLock() {
  for (;;) {
    try {
      mkdirSync(lock)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0
      if (age > lockAgeMax) rmSync(lock, { recursive: true, force: true })
      await new Promise(wake => setTimeout(wake, 200))
    }
  }
}
