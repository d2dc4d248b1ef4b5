import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
let bundle: string | undefined

/** The bundle of the server, built once in each test run. Its other files are beside it. */
export function serverBundle(): string {
  if (bundle === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-bundle-'))
    execFileSync(process.execPath, ['esbuild.mjs', '--only', 'server', '--to', folder], {
      cwd: ROOT,
    })
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true })
    })
    bundle = join(folder, 'server.cjs')
  }
  return bundle
}
