import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from './testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

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

async function writeBaseline(): Promise<void> {
  expect(await cli.run(['check', '--write-baseline', 'known.json', 'mesh'])).toEqual({
    status: 0,
    out: '',
    errors: ['4 findings written to known.json'],
  })
}

it('check --baseline does not report known findings, also after their lines have moved', async () => {
  expect(await check('mesh')).toMatchObject({
    rules: [
      'l7-allow-rule-dropped',
      'heredoc-debris',
      'deprecated-api-version',
      'disable-mode-is-permissive',
    ],
    status: 1,
  })
  await writeBaseline()
  for (const file of ['mesh/peers.yaml', 'mesh/allow.yaml'])
    cli.write(file, `# one\n\n# more\n${cli.read(file)}`)
  expect(await check('--baseline', 'known.json', 'mesh')).toEqual({
    rules: [],
    summary: {
      files: 3,
      objects: 4,
      error: 0,
      warning: 0,
      information: 0,
      hint: 0,
      notRead: 0,
      rulesOff: 0,
      ignored: 0,
    },
    errors: ['not reported: 4 known findings in known.json'],
    status: 0,
  })
})

it('check --baseline reports new findings, also if a known finding occurs once more', async () => {
  await writeBaseline()
  cli.write(
    'mesh/allow.yaml',
    `${ALLOW_GET}EOF\n---\n${replaceIn(ALLOW_GET, ['allow-get', 'allow-more'])}EOF\n`,
  )
  const { rules, status } = await check('--baseline', 'known.json', 'mesh')
  expect(rules).toEqual(['l7-allow-rule-dropped', 'heredoc-debris'])
  expect(status).toBe(1)
})

it('check --baseline counts the known findings that no longer occur', async () => {
  await writeBaseline()
  cli.write('mesh/peers.yaml', '')
  expect((await check('--baseline', 'known.json', 'mesh')).errors).toEqual([
    'not reported: 2 known findings in known.json',
    '2 findings in known.json no longer occur: update it with --write-baseline',
  ])
})

it('a baseline does not depend on the working directory', async () => {
  await writeBaseline()
  const { out } = await cli.run(['check', '--format', 'json', '--baseline', '../known.json', '.'], {
    cwd: 'mesh',
  })
  expect((JSON.parse(out) as Report).findings).toEqual([])
})

it('a baseline has the object, path and message of each finding, and no lines', async () => {
  await writeBaseline()
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
  await writeBaseline()
  expect(cli.read('known.json')).toBe(before)
})

it('check --fix does not fix known findings', async () => {
  await writeBaseline()
  const { errors } = await cli.run(['check', '--fix', '--baseline', 'known.json', 'mesh'])
  expect(errors).toEqual(['not reported: 4 known findings in known.json'])
  expect(cli.read('mesh/peers.yaml')).toBe(DISABLED)
})

it('check --fix --write-baseline writes the findings that remain after the fixes', async () => {
  expect(
    (await cli.run(['check', '--fix', '--write-baseline', 'known.json', 'mesh'])).errors.at(-1),
  ).toBe('1 finding written to known.json')
})

it.each([
  ['', 'known.json is not JSON: Unexpected end of JSON input'],
  ['[]', 'known.json is not a baseline: create one with --write-baseline'],
  [
    '{"version": 2, "findings": []}',
    'known.json is not a baseline: create one with --write-baseline',
  ],
  [
    '{"version": 1, "findings": [{"rule": "x", "path": [], "message": "y"}]}',
    'known.json is not a baseline: findings[0] needs rule, path, message, and object or file',
  ],
  [
    '{"version": 1, "findings": [{"rule": "x", "object": "y", "path": [], "message": "y", "count": 0}]}',
    'known.json is not a baseline: findings[0] needs rule, path, message, and object or file',
  ],
])('the baseline %j is not valid', async (text, line) => {
  cli.write('known.json', text)
  expect(await cli.run(['check', '--baseline', 'known.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: [line],
  })
})

it('a baseline that cannot be read or written is an error', async () => {
  expect(await cli.run(['check', '--baseline', 'none.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: ['none.json does not exist'],
  })
  expect(await cli.run(['check', '--write-baseline', 'none/known.json', 'mesh'])).toEqual({
    status: 2,
    out: '',
    errors: ['none/known.json cannot be written: its folder does not exist'],
  })
  expect(
    (await cli.run(['check', '--write-baseline', 'a', '--baseline', 'b', 'mesh'])).status,
  ).toBe(2)
})
