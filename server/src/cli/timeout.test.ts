import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { HANGING_ACCOUNT, HANGING_CODE, policyFor } from '../testing/hangingCode.js'
import { createProgram } from './program.js'
import { createCliFolder } from './testing/cliFolder.js'

const { run, folder, remove } = createCliFolder({
  'hang.cjs': HANGING_CODE,
  'good/a.yaml': policyFor('good', 'shop/web'),
  'bad/a.yaml': policyFor('a', 'shop/web'),
  'bad/b\u202e.yaml': policyFor('b', HANGING_ACCOUNT),
})
afterAll(remove)

const bundle = join(testBundle('cli'), 'cli.cjs')
const start = (args: readonly string[]) =>
  spawn(process.execPath, ['--require', join(folder, 'hang.cjs'), bundle, ...args], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
  })

async function ended(child: ReturnType<typeof start>) {
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, out, errors }
}

describe('--timeout', () => {
  it('ends a command whose evaluation does not end, and names the file', async () => {
    const commands = ['check', 'status', 'access --from outside']
    const runs = commands.map((command) => {
      const child = start([...command.split(' '), 'bad', '--timeout', '4'])
      child.stdin.end()
      return ended(child)
    })
    for (const { status, out, errors } of await Promise.all(runs)) {
      expect({ status, out }).toEqual({ status: 2, out: '' })
      expect(errors).toBe(
        'ambient-policy: no result within 4 s (--timeout): the program was still reading bad/b\ufffd.yaml\n',
      )
    }
  })

  it('ends a command that waits for standard input', async () => {
    const { status, errors } = await ended(start(['check', '-', '--timeout', '4']))
    expect(status).toBe(2)
    expect(errors).toMatch(/ still reading standard input\n$/)
  })

  it('does not change a command that ends in time', async () => {
    const args = ['check', 'good', '-', '--format', 'json', '--fail-on', 'information']
    const stdin = policyFor('other', 'shop/api')
    const expected = await run(args, { stdin })
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [bundle, ...args, '--timeout', '600'],
      { cwd: folder, input: stdin, encoding: 'utf8' },
    )
    expect({ status, stdout, stderr }).toEqual({
      status: expected.status,
      stdout: expected.out,
      stderr: '',
    })
  })

  it.each(['x', '0', '-1', '1e9', '99999999', ''])('refuses the value "%s"', async (value) => {
    const { status, errors } = await run(['check', '--timeout', value])
    expect(status).toBe(2)
    expect(errors.join('')).toMatch(/^--timeout must be a number of seconds, at most 86400, not/)
  })

  it('is an option of each command that reads a folder', () => {
    const help: string[] = []
    const program = createProgram({ version: '1' } as never, () => undefined)
    for (const command of program.commands.flatMap((each) =>
      each.commands.length > 0 ? each.commands : [each],
    ))
      if (!command.options.some(({ long }) => long === '--timeout')) help.push(command.name())
    expect(help).toEqual(['mcp', 'rules'])
  })
})
