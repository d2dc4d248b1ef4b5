// Bundles for tests, from the current sources. Each worker of a test run builds a bundle once.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export function testBundle(name) {
  const folder = join(inject('bundles'), process.env.VITEST_POOL_ID ?? '', name)
  if (!existsSync(folder))
    execFileSync(process.execPath, ['esbuild.mjs', '--only', name, '--to', folder], { cwd: ROOT })
  return folder
}
