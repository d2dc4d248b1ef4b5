import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { CompareReport } from '../cli/compareReport.js'
import { ALLOW_GET, NAMESPACE_AND_API } from '../cli/testing/meshFiles.js'
import type { ReportedLine } from '../cli/whyReport.js'
import { TOOLS } from './tools.js'
import { createMcpFolder, request, resultOf, type Answer } from '../testing/mcpFolder.js'
import { replaceAllIn } from '@istio-ambient-policy/shared/testing'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAX_BYTES = 4096

const { cli, exchange, call } = createMcpFolder()
afterAll(() => {
  cli.remove()
})

/** The JSON of a result, without its notices: each answer names the link that is not read. */
function jsonOf(answer: Answer): unknown {
  return JSON.parse(resultOf(answer).text.split('\nNotices: ')[0] ?? '')
}

describe('the protocol', () => {
  it('initialize answers with the version that the client asks for, the tools and the rule', async () => {
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: {} }
    const [answer, ...others] = await exchange(
      request('initialize', params),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      request('ping'),
    )
    expect(answer?.result).toMatchObject({
      protocolVersion: '2024-11-05',
      capabilities: { tools: {} },
      serverInfo: { name: 'ambient-policy', version: '1.2.3' },
      instructions: expect.stringContaining('Never guess a verdict') as string,
    })
    expect(others).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }])
  })

  it('an unknown version gets the newest one', async () => {
    const [answer] = await exchange(request('initialize', { protocolVersion: '1999' }))
    expect(answer?.result).toMatchObject({ protocolVersion: '2025-11-25' })
  })

  it('tools/list has closed schemas and read-only tools', async () => {
    const [answer] = await exchange(request('tools/list'))
    const { tools } = answer!.result as unknown as { tools: { name: string }[] }
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name))
    for (const tool of tools)
      expect(tool).toMatchObject({
        inputSchema: { type: 'object', additionalProperties: false },
        annotations: { readOnlyHint: true },
      })
  })

  it.each([
    ['{"jsonrpc"', -32700],
    ['[1]', undefined],
    ['5', -32600],
    [{ jsonrpc: '1.0', id: 1, method: 'ping' }, -32600],
    [{ jsonrpc: '2.0', id: 1 }, -32600],
    [request('resources/list'), -32601],
    [request('tools/call', { name: 'rm', arguments: {} }), -32602],
    [request('tools/call', null), -32602],
    ['x'.repeat(5_000_000), -32600],
  ])('the message %.40j gets an error, and the next one an answer', async (message, code) => {
    const [first, last] = await exchange(message, request('ping'))
    const answer = Array.isArray(first) ? (first[0] as Answer) : first
    expect(answer?.error?.code).toBe(code ?? -32600)
    expect(last?.result).toEqual({})
  })

  it('a batch gets one list of answers, and a batch of notifications none', async () => {
    const [answers, ...rest] = await exchange(
      [request('ping'), { jsonrpc: '2.0', method: 'x' }, request('ping')],
      [{ jsonrpc: '2.0', method: 'x' }],
    )
    expect(answers).toHaveLength(2)
    expect(rest).toEqual([])
  })
})

describe('the answers of the tools', () => {
  const evaluated = {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { service: 'shop/cart', port: 80 },
    http: { method: 'GET', path: '/' },
  }

  it('evaluate answers as the command line', async () => {
    const { out } = await cli.run(['evaluate', '--requests', '-', '--nearest-miss', '--', '.'], {
      stdin: JSON.stringify(evaluated),
      cwd: 'shop',
    })
    expect(jsonOf(await call('evaluate', evaluated))).toEqual(JSON.parse(out))
  })

  it.each([
    [
      'access',
      { to: 'workload shop/cart' },
      ['access', '--to=workload shop/cart', '--format=json'],
    ],
    ['explain', { object: 'Service/shop/cart' }, ['explain', 'Service/shop/cart']],
    ['rule', { name: 'empty-selector' }, ['rules', 'empty-selector']],
    ['fixes', { paths: ['mtls.yaml'] }, ['check', '--fix-dry-run', 'mtls.yaml']],
  ])('%s answers as the command line', async (tool, args, command) => {
    const { out } = await cli.run(command, { cwd: 'shop' })
    const { text } = resultOf(await call(tool, args))
    const expected = out.startsWith('{') ? JSON.stringify(JSON.parse(out)) : out
    expect(text.split('\nNotices: ')[0]).toBe(expected)
  })

  it('status has the conditions of the command line, also of one object', async () => {
    const { out } = await cli.run(['status', '--format', 'json'], { cwd: 'shop' })
    const all = JSON.parse(out) as { kind: string; name: string }[]
    const found: unknown[] = []
    for (let from: number | undefined = 0; from !== undefined;) {
      const page = jsonOf(await call('status', { from })) as {
        conditions: unknown[]
        next?: number
      }
      found.push(...page.conditions)
      from = page.next
    }
    expect(found).toEqual(all)
    expect(jsonOf(await call('status', { object: 'Service/shop/search' }))).toEqual({
      conditions: all.filter(({ kind, name }) => kind === 'Service' && name === 'search'),
    })
  })

  it('why has the policy, the rule and the place of the command line', async () => {
    const log = 'rbac_access_denied_matched_policy[ns[shop]-policy[no-admin]-rule[0]]'
    const { out } = await cli.run(['why', '--format', 'json', log], { cwd: 'shop' })
    const line = JSON.parse(out) as ReportedLine
    const { file, range, unmatched, findings } = line
    expect([line.policy, line.rule, unmatched]).toEqual(['shop/no-admin', 0, []])
    const { start } = range!
    expect(jsonOf(await call('why', { log }))).toMatchObject({
      lines: [
        {
          policy: line.policy,
          rule: line.rule,
          object: line.object,
          agreement: line.agreement,
          differences: line.differences,
          place: `${file}:${start.line + 1}:${start.character + 1}`,
          findings: findings.map(({ rule, level, message }) => ({ rule, level, message })),
        },
      ],
    })
  })

  it('compare has the differences of the command line', async () => {
    const { out: dump } = await cli.run(['ztunnel-config', 'policies', '--format', 'json', 'shop'])
    const [first, ...rest] = JSON.parse(dump) as object[]
    cli.write('shop/changed.json', JSON.stringify([{ ...first, action: 'Other' }, ...rest]))
    const { out } = await cli.run(['compare', '--format', 'json', 'changed.json'], { cwd: 'shop' })
    const { differences, compared } = JSON.parse(out) as CompareReport
    expect(differences.length).toBeGreaterThan(0)
    expect(jsonOf(await call('compare', { dump: 'changed.json' }))).toEqual({
      compared,
      differences: differences.map(({ file, range, ...each }) => ({
        ...each,
        place: range && `${file}:${range.start.line + 1}:${range.start.character + 1}`,
      })),
    })
  })

  it('check names the findings of the command line, errors first, in pages', async () => {
    const { out } = await cli.run(['check', '--format', 'json'], { cwd: 'shop' })
    const { findings } = JSON.parse(out) as { findings: { rule: string; level: string }[] }
    const rules: string[] = []
    for (let from: number | undefined = 0; from !== undefined;) {
      const page = jsonOf(await call('check', { from })) as {
        findings: { rule: string }[]
        next?: number
      }
      rules.push(...page.findings.map(({ rule }) => rule))
      from = page.next
    }
    expect(rules.toSorted()).toEqual(findings.map(({ rule }) => rule).toSorted())
    const errors = findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)
    expect(rules.slice(0, errors.length)).toEqual(errors)
  })

  it('a long text continues where it was cut', async () => {
    const { out } = await cli.run(['rules'])
    const first = resultOf(await call('rule', {})).text
    const from = Number(/"from": (\d+)\)$/.exec(first)?.[1])
    expect(out.startsWith(first.slice(0, from))).toBe(true)
    expect(
      resultOf(await call('rule', { from })).text.startsWith(out.slice(from, from + 200)),
    ).toBe(true)
  })
})

describe('proposed files', () => {
  const fresh = replaceAllIn(`${NAMESPACE_AND_API}---\n${ALLOW_GET}`, ['shop', 'fresh'])
  const proposed = [{ file: 'new/folder/fresh.yaml', text: fresh }]

  it('check reads a file that is not written yet', async () => {
    const args = { object: 'AuthorizationPolicy/fresh/allow-get' }
    const before = jsonOf(await call('check', args)) as { findings: object[] }
    const after = jsonOf(await call('check', { ...args, proposed })) as {
      findings: { place: string }[]
    }
    expect(before.findings).toEqual([])
    expect(after.findings.map(({ place }) => place.split(':')[0])).toEqual([
      'new/folder/fresh.yaml',
    ])
  })

  it('evaluate reads a proposed file in place of the one on disk', async () => {
    const request = {
      from: { namespace: 'shop', serviceAccount: 'batch' },
      to: { workload: 'shop/cart', port: 8080 },
    }
    const text = replaceAllIn(cli.read('shop/policies.yaml'), ['["shop/web"]', '["shop/batch"]'])
    const verdict = async (args: object): Promise<unknown> =>
      (jsonOf(await call('evaluate', args)) as { verdict: string }).verdict
    expect(await verdict(request)).toBe('deny')
    const change = [{ file: './policies.yaml', text }]
    expect(await verdict({ ...request, proposed: change })).toBe('allow')
    expect(await verdict({ ...request, paths: ['.'], proposed: change })).toBe('allow')
    expect(cli.read('shop/policies.yaml')).not.toBe(text)
  })

  it('diff says which requests a change allows before it is written', async () => {
    const text = replaceAllIn(cli.read('shop/policies.yaml'), ['["shop/web"]', '["shop/batch"]'])
    const change = { proposed: [{ file: 'policies.yaml', text }] }
    cpSync(join(cli.folder, 'shop'), join(cli.folder, 'changed'), { recursive: true })
    cli.write('changed/policies.yaml', text)
    const { out } = await cli.run(['diff', '--format=json', '--fail-on=never', 'shop', 'changed'])
    const expected = out.replaceAll(/"file": "(shop|changed)\//g, '"file": "')
    expect(jsonOf(await call('diff', change))).toEqual(JSON.parse(expected))
    expect(JSON.parse(expected)).toMatchObject({
      changes: [
        { kind: 'gained', clients: ['shop/batch'] },
        { kind: 'lost', clients: ['shop/web'] },
      ],
    })
  })

  it.each([
    [[{ file: '../outside/new.yaml', text: '' }], /outside of the root folder/],
    [[{ file: '/tmp/new.yaml', text: '' }], /outside of the root folder/],
    [[{ file: '.', text: '' }], /outside of the root folder/],
    [[{ file: 'a.yaml' }], /at proposed/],
    [[], /at proposed/],
    [{ file: 'a.yaml', text: '' }, /at proposed/],
  ])('%j is refused', async (given, message) => {
    const { text, isError } = resultOf(await call('check', { proposed: given }))
    expect(text).toMatch(message)
    expect(isError).toBe(true)
  })
})

describe('docs/assistants.md', () => {
  const rows = readFileSync(join(ROOT, 'docs/assistants.md'), 'utf8')
    .split('## Questions')[1]!
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('{'))
    .map((line) => ({
      question: line.split(' | ')[0]!.slice(2),
      calls: [...line.matchAll(/`(\w+)` `(\{.*?\})`(?= )/g)].map(([, tool = '', args = '']) => ({
        tool,
        args: JSON.parse(args.replaceAll('\\|', '|').replaceAll('\t', ' ')) as unknown,
      })),
    }))

  it('has fifty questions with one or two calls', () => {
    expect(rows.length).toBeGreaterThanOrEqual(50)
    expect(new Set(rows.map(({ question }) => question)).size).toBe(rows.length)
  })

  it('names every tool', () => {
    const named = new Set(rows.flatMap(({ calls }) => calls.map(({ tool }) => tool)))
    expect([...named].toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted())
  })

  it.each(rows.map(({ question, calls }) => [question, calls] as const))('%s', async (_, calls) => {
    cli.write('shop/ztunnel.json', '[]')
    expect([1, 2]).toContain(calls.length)
    for (const { tool, args } of calls) {
      const answer = await call(tool, args)
      const { text, isError } = resultOf(answer)
      expect(text).not.toBe('')
      expect(isError, text).toBe(false)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES)
    }
  })
})
