import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder for the bundles that the tests build, and for what they keep: not the cache of the user. */
export default function setup({ provide }) {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-bundles-'))
  provide('bundles', folder)
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache')
  return () => rmSync(folder, { recursive: true, force: true })
}
