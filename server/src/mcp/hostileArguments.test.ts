import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { createCliFolder } from '../cli/testing/cliFolder.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const cli = createCliFolder({ 'outside/secret.yaml': 'kind: Secret\n', 'shop/note.txt': '' })
cpSync(join(ROOT, 'test-fixtures/meshes/shop'), join(cli.folder, 'shop'), { recursive: true })
mkdirSync(join(cli.folder, 'shop/-'))
symlinkSync(join(cli.folder, 'outside'), join(cli.folder, 'shop/link'))
afterAll(() => {
  cli.remove()
})

interface Answer {
  readonly id: number | null
  readonly error?: { readonly code: number; readonly message: string }
  readonly result?: {
    readonly content: readonly { readonly type: string; readonly text: string }[]
    readonly isError: boolean
  }
}

/** Sends messages to the server, and reads its answers. */
async function exchange(...messages: readonly unknown[]): Promise<Answer[]> {
  const stdin = messages
    .map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
    .join('')
  const { status, out, errors } = await cli.run(['mcp', 'shop'], { stdin })
  expect([status, errors]).toEqual([0, []])
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer)
}

function request(method: string, params?: unknown): object {
  return { jsonrpc: '2.0', id: 1, method, params }
}

async function call(name: string, args: unknown): Promise<Answer> {
  const [answer] = await exchange(request('tools/call', { name, arguments: args }))
  if (!answer) throw new Error('no answer')
  return answer
}

/** The texts of a result, and whether it is an error. */
function resultOf({ result }: Answer): { readonly text: string; readonly isError: boolean } {
  return {
    text: result?.content.map(({ text }) => text).join('\n') ?? '',
    isError: result?.isError ?? false,
  }
}

describe('hostile arguments', () => {
  it.each<[tool: string, args: unknown, message: RegExp]>([
    ['check', { paths: ['..'] }, /outside of the root folder/],
    ['check', { paths: ['/etc/passwd'] }, /outside of the root folder/],
    ['check', { paths: ['link'] }, /outside of the root folder/],
    ['check', { paths: ['link/secret.yaml'] }, /outside of the root folder/],
    ['check', { paths: ['a\u0000b'] }, /NUL/],
    ['check', { paths: ['--write-baseline=x'] }, /does not exist/],
    ['check', { paths: 'x' }, /at paths/],
    ['check', { paths: [1] }, /at paths/],
    ['check', { path: '.' }, /^Unknown argument of check: path$/],
    ['check', { from: -1 }, /at from/],
    ['check', { from: 1.5 }, /at from/],
    ['check', [], /Wrong arguments/],
    ['check', 'x', /Wrong arguments/],
    ['check', { __proto__: null, constructor: 1 }, /Unknown argument/],
    ['access', {}, /missing --from or --to/],
    ['access', { to: '--format=text' }, /at to/],
    ['diff', {}, /proposed/],
    ['diff', { proposed: [{ file: '/etc/a.yaml', text: '' }] }, /outside of the root folder/],
    ['explain', {}, /object/],
    ['explain', { object: '--help' }, /at object/],
    ['explain', { object: 'Service/shop/nothing' }, /is not in these files/],
    ['rule', { name: '../../package.json' }, /at name/],
    ['rule', { name: 'no-such-rule' }, /unknown rule/],
    ['evaluate', { from: {}, to: { service: 'a/b', port: 80 } }, /from needs/],
    ['evaluate', { from: { ip: '1.1.1.1' }, to: { service: '--requests', port: 80 } }, /at to/],
    ['evaluate', { from: { ip: '1.1.1.1' }, to: { service: 'a/b', port: 0 } }, /at to/],
    ['evaluate', { from: { ip: '1.1.1.1' }, to: { port: 80 } }, /to needs one of/],
    ['why', { log: 'hello' }, /no line of a log/],
    ['why', { log: '' }, /at log/],
    ['compare', { dump: '../outside/secret.yaml' }, /outside of the root folder/],
    ['compare', { dump: 'shop.yaml' }, /^shop\.yaml is not JSON/],
  ])('%s %j is refused with a reason', async (tool, args, message) => {
    const { text, isError } = resultOf(await call(tool, args))
    expect(text).toMatch(message)
    expect(isError).toBe(true)
  })

  it('a folder with the name of standard input is a folder', async () => {
    expect(resultOf(await call('check', { paths: ['-'] }))).toMatchObject({ isError: false })
  })
})
