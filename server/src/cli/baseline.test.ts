import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from './testing/meshFiles.js'

let cli: CliFolder
beforeEach(() => {
  cli = createCliFolder({
    'mesh/mesh.yaml': NAMESPACE_AND_API,
    'mesh/peers.yaml': DISABLED,
    'mesh/allow.yaml': `${ALLOW_GET}EOF\n`,
  })
})
afterEach(() => {
  cli.remove()
})

interface Report {
  readonly findings: readonly { readonly rule: string }[]
  readonly summary: Readonly<Record<string, number>>
}

async function check(...args: string[]): Promise<{
  readonly rules: readonly string[]
  readonly summary: Report['summary']
  readonly errors: readonly string[]
  readonly status: number
}> {
  const { out, errors, status } = await cli.run(['check', '--format', 'json', ...args])
  const { findings, summary } = JSON.parse(out) as Report
  return { rules: findings.map(({ rule }) => rule), summary, errors, status }
}

async function write(): Promise<void> {
  expect(await cli.run(['check', '--write-baseline', 'known.json', 'mesh'])).toEqual({
    status: 0,
    out: '',
    errors: ['4 findings written to known.json'],
  })
}

it('leaves out what is known, wherever its lines are', async () => {
  expect(await check('mesh')).toMatchObject({
    rules: [
      'l7-allow-rule-dropped',
      'heredoc-debris',
      'deprecated-api-version',
      'disable-mode-is-permissive',
    ],
    status: 1,
  })
  await write()
  for (const file of ['mesh/peers.yaml', 'mesh/allow.yaml'])
    cli.write(file, `# one\n\n# more\n${cli.read(file)}`)
  expect(await check('--baseline', 'known.json', 'mesh')).toEqual({
    rules: [],
    summary: { files: 3, objects: 4, error: 0, warning: 0, information: 0, hint: 0 },
    errors: ['4 known findings of known.json left out'],
    status: 0,
  })
})

it('reports what is new, also one more of the same', async () => {
  await write()
  cli.write(
    'mesh/allow.yaml',
    `${ALLOW_GET}EOF\n---\n${ALLOW_GET.replace('allow-get', 'allow-more')}EOF\n`,
  )
  const { rules, status } = await check('--baseline', 'known.json', 'mesh')
  expect(rules).toEqual(['l7-allow-rule-dropped', 'heredoc-debris'])
  expect(status).toBe(1)
})

it('counts what no longer occurs', async () => {
  await write()
  cli.write('mesh/peers.yaml', '')
  expect((await check('--baseline', 'known.json', 'mesh')).errors).toEqual([
    '2 known findings of known.json left out',
    '2 findings of known.json no longer occur: write it again with --write-baseline',
  ])
})

it('holds from any working directory', async () => {
  await write()
  const { out } = await cli.run(['check', '--format', 'json', '--baseline', '../known.json', '.'], {
    cwd: 'mesh',
  })
  expect((JSON.parse(out) as Report).findings).toEqual([])
})

it('is a file that a person can review', async () => {
  await write()
  const { version, findings } = JSON.parse(cli.read('known.json')) as {
    readonly version: number
    readonly findings: readonly object[]
  }
  expect(version).toBe(1)
  expect(findings[0]).toEqual({
    rule: 'deprecated-api-version',
    object: 'PeerAuthentication/shop/default',
    path: ['apiVersion'],
    message: expect.stringContaining('v1beta1') as string,
  })
  expect(findings).toContainEqual({
    rule: 'heredoc-debris',
    file: 'mesh/allow.yaml',
    path: [],
    message: expect.any(String) as string,
  })
  const before = cli.read('known.json')
  await write()
  expect(cli.read('known.json')).toBe(before)
})

it('keeps what is known from being fixed', async () => {
  await write()
  const { errors } = await cli.run(['check', '--fix', '--baseline', 'known.json', 'mesh'])
  expect(errors).toEqual(['4 known findings of known.json left out'])
  expect(cli.read('mesh/peers.yaml')).toBe(DISABLED)
})

it('lists what is left after fixes', async () => {
  expect(
    (await cli.run(['check', '--fix', '--write-baseline', 'known.json', 'mesh'])).errors.at(-1),
  ).toBe('1 finding written to known.json')
})

it.each([
  ['', 'known.json is not JSON: Unexpected end of JSON input'],
  ['[]', 'known.json is no baseline: write one with --write-baseline'],
  ['{"version": 2, "findings": []}', 'known.json is no baseline: write one with --write-baseline'],
  [
    '{"version": 1, "findings": [{"rule": "x", "path": [], "message": "y"}]}',
    'known.json is no baseline: findings[0] has no rule, object or file, path and message',
  ],
  [
    '{"version": 1, "findings": [{"rule": "x", "object": "y", "path": [], "message": "y", "count": 0}]}',
    'known.json is no baseline: findings[0] has no rule, object or file, path and message',
  ],
])('%j is refused', async (text, line) => {
  cli.write('known.json', text)
  expect(await cli.run(['check', '--baseline', 'known.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: [line],
  })
})

it('that is not there or cannot be written is refused', async () => {
  expect(await cli.run(['check', '--baseline', 'none.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: ['none.json does not exist'],
  })
  expect(await cli.run(['check', '--write-baseline', 'none/known.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: ['none/known.json does not exist'],
  })
  expect(
    (await cli.run(['check', '--write-baseline', 'a', '--baseline', 'b', 'mesh'])).status,
  ).toBe(2)
})
