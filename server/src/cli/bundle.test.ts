import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Log } from 'sarif'
import { afterAll, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { helpTexts } from './helpTexts.js'
import { createCliFolder } from './testing/cliFolder.js'
import { MESH, words } from './testing/commandMesh.js'
import { ALLOW_GET } from './testing/meshFiles.js'
import { sarifProblems } from './testing/sarifSchema.js'
import { replaceIn, sampled } from '@istio-ambient-policy/shared/testing'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string
}

const { run, folder, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'bad/mesh.yaml': MESH,
  'bad/policy.yaml': ALLOW_GET,
})
const bundle = join(testBundle('cli'), 'cli.cjs')

afterAll(remove)

function spawn(args: readonly string[], input?: string) {
  return spawnSync(process.execPath, [bundle, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'] },
  })
}

it.each([
  'check good --fail-on error',
  'check bad',
  'check nowhere',
  'ztunnel-config workloads bad',
])('the bundle prints the same as the sources for "%s"', async (commandLine) => {
  const expected = await run(words(commandLine))
  const { status, stdout, stderr } = spawn(words(commandLine))
  expect({ status, stdout, stderr }).toEqual({
    status: expected.status,
    stdout: expected.out,
    stderr: expected.errors.map((line) => `ambient-policy: ${line}\n`).join(''),
  })
})

it('the bundle reads standard input and has a version and a help text', () => {
  expect(spawn(['check', '-'], `${MESH}---\n${ALLOW_GET}`)).toMatchObject({ status: 1 })
  expect(spawn(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(spawn(['--help'])).toMatchObject({ status: 0, stderr: '' })
})

it.each(
  sampled(helpTexts(), 3).map(({ commandLines, text }) => [
    commandLines[0] ?? '',
    commandLines,
    text,
  ]),
)(
  'the help texts that the bundle has are those of its commands: "%s"',
  async (_, commandLines, text) => {
    for (const commandLine of commandLines)
      expect(await run(words(commandLine))).toEqual({ status: 0, out: text, errors: [] })
    expect(spawn(words(commandLines[0] ?? ''))).toMatchObject({ status: 0, stdout: text })
  },
)

it.each(['check help', 'help nothing', 'check bad --nothing --help'])(
  'the bundle loads its commands for "%s"',
  async (commandLine) => {
    const { status, out } = await run(words(commandLine))
    expect(spawn(words(commandLine))).toMatchObject({ status, stdout: out })
  },
)

it('a slow reader gets the whole output, also through a pipe that does not wait', () => {
  const policies = Array.from(
    { length: 400 },
    (_, index) => `---\n${replaceIn(ALLOW_GET, ['allow-get', `allow-${String(index)}`])}`,
  ).join('')
  writeFileSync(join(folder, 'many.yaml'), `${MESH}${policies}`)
  const args = ['check', 'many.yaml', '--format', 'json', '--fail-on', 'never']
  // The streams of the first program change the pipe, which is that of the second program too.
  const script = `process.stdout.write(''); require('node:child_process').spawnSync(process.execPath, ${JSON.stringify([bundle, ...args])}, { stdio: 'inherit' })`
  const pipe = ['-c', '"$0" -e "$1" | (sleep 1; cat)', process.execPath, script]
  const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: join(folder, 'cache') }
  const read = () =>
    spawnSync('sh', pipe, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8, env }).stdout
  const expected = spawn(args).stdout
  expect(expected.length).toBeGreaterThan(200_000)
  expect([read(), read()]).toEqual([expected, expected])
})

it.each(['program', 'check'])(
  'a bundle without its file %s.cjs ends with 2, not with the status of findings',
  (name) => {
    const copy = join(folder, `without-${name}`)
    cpSync(testBundle('cli'), copy, { recursive: true })
    rmSync(join(copy, 'cli', `${name}.cjs`))
    const args = [join(copy, 'cli.cjs'), 'check', '--no-cache', 'bad']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^ambient-policy: .*${name}\\.cjs`))
  },
)

it('the bundle ends silently if the reader of its output has ended', () => {
  const services = Array.from(
    { length: 3000 },
    (_, index) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: s${String(index)}, namespace: shop}\n`,
  ).join('---\n')
  const script = `"$0" "$1" ztunnel-config services --format json - | head -n 1`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, bundle], {
    cwd: folder,
    encoding: 'utf8',
    input: services,
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '[\n', stderr: '' })
})

it.each([
  [{ site: 'https://docs.example/policy/' }, 'https://docs.example/policy/rules/RULE.html'],
  [
    { organisation: 'example' },
    `https://github.com/example/istio-ambient-policy/blob/v${VERSION}/docs/rules/RULE.md`,
  ],
  [{}, undefined],
])('with the names %j, rules have the help %s', (given, address) => {
  const to = bundleWith(given)
  const args = [join(to, 'cli.cjs'), 'check', 'bad', '--format', 'sarif']
  const log = JSON.parse(
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout,
  ) as Log
  expect(sarifProblems(log)).toEqual([])
  const rules = log.runs[0]?.tool.driver.rules ?? []
  expect(rules.length).toBeGreaterThan(0)
  for (const { id, helpUri } of rules) expect(helpUri).toBe(address?.replace('RULE', id))
})

/** The folder of a bundle with some names of the publisher. */
function bundleWith(given: object): string {
  if (Object.keys(given).length === 0) return testBundle('cli')
  const names = JSON.parse(
    readFileSync(join(ROOT, 'packaging/placeholders.json'), 'utf8'),
  ) as object
  const file = join(folder, 'names.json')
  writeFileSync(file, JSON.stringify({ ...names, ...given }))
  const to = join(folder, 'named')
  execFileSync(process.execPath, ['esbuild.mjs', '--only', 'cli', '--to', to, '--names', file], {
    cwd: ROOT,
  })
  return to
}
