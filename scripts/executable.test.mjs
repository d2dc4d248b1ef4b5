import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { canMakeExecutable, executableName, makeExecutable } from './release/executable.mjs'
import { ROOT } from './release/names.mjs'
import { testBundle } from './testBundle.mjs'

const folder = mkdtempSync(join(tmpdir(), 'executable-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it.runIf(canMakeExecutable())(
  'the executable has the answers of the program, without Node in the path',
  () => {
    const program = join(testBundle('executable'), 'cli.cjs')
    const executable = join(folder, executableName('ambient-policy'))
    makeExecutable(program, executable, folder)
    const run = (...args) =>
      spawnSync(executable, args, { cwd: ROOT, encoding: 'utf8', env: { PATH: '' } })
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
    const check = ['check', 'test-fixtures/meshes/shop', '--fail-on', 'never']
    const expected = execFileSync(process.execPath, [program, ...check], { cwd: ROOT })
    const answer = { status: 0, stdout: expected.toString(), stderr: '' }
    expect(run(...check)).toMatchObject(answer)
    expect(run(...check, '--timeout', '600')).toMatchObject(answer)
  },
  120_000,
)
