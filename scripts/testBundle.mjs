// Bundles for tests, from the sources as they are now: each is built once in a test run.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folders = new Map()

export function testBundle(name) {
  const known = folders.get(name)
  if (known !== undefined) return known
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-bundle-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  execFileSync(process.execPath, ['esbuild.mjs', '--only', name, '--to', folder], { cwd: ROOT })
  folders.set(name, folder)
  return folder
}
