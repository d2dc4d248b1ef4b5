import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder for the bundles that the tests build. */
export default function setup({ provide }) {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-bundles-'))
  provide('bundles', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
