import { afterAll, describe, expect, it } from 'vitest'
import { HostError } from '../host.js'
import { nodeHost } from '../nodeHost.js'
import { createMcpFolder, request, resultOf } from '../testing/mcpFolder.js'

const { cli, call } = createMcpFolder()
afterAll(() => {
  cli.remove()
})

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
    ['check', { '\ud800': 1 }, /a text is not Unicode/],
    ['check', { paths: ['\\ud800'] }, /does not exist/],
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
    ['compare', { dump: 'shop.yaml' }, /^shop\.yaml: has objects of Kubernetes/],
  ])('%s %j is refused with a reason', async (tool, args, message) => {
    const { text, isError } = resultOf(await call(tool, args))
    expect(text).toMatch(message)
    expect(isError).toBe(true)
  })

  it('the reason of a failure comes before its notices, so that it is not cut off', async () => {
    cli.write('shop/invalid.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: [\n')
    const { text } = resultOf(await call('explain', { object: 'Namespace/nowhere' }))
    expect(text).toMatch(/^Namespace\/nowhere is not in these files\n[^]*invalid\.yaml/)
  })

  it('a root folder that is removed while the server runs is an error with its reason', async () => {
    const realPath = (): never => {
      throw new HostError('does not exist', true)
    }
    const { out } = await cli.run(['mcp', 'shop'], {
      host: { ...nodeHost, realPath },
      stdin: `${JSON.stringify(request('tools/call', { name: 'check', arguments: {} }))}\n`,
    })
    expect(out).toContain('the root folder of this server does not exist')
  })

  it('a folder with the name of standard input is a folder', async () => {
    expect(resultOf(await call('check', { paths: ['-'] }))).toMatchObject({ isError: false })
  })
})
