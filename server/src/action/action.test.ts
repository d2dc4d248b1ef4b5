import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Log } from 'sarif'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { parse } from 'yaml'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { sarifProblems } from '../cli/testing/sarifSchema.js'
import { replaceAllIn } from '@istio-ambient-policy/shared/testing'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const SHOP = join(ROOT, 'test-fixtures/meshes/shop')
const MAX_COMMENT = 60_000
const MAX_SECONDS = 3

/** The inputs with their defaults, as the runner reads them. */
const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
}

/** A checkout with the sample mesh in its first commit, and a folder with only the file of the action and `git`. */
const checkout = createCliFolder({ 'summary.md': '', 'outputs.txt': '' })
const action = createCliFolder({ 'names.json': '' })

const git = (...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: checkout.folder,
    stdio: 'ignore',
  })
}

beforeAll(() => {
  const names = parse(readFileSync(join(ROOT, 'packaging/placeholders.json'), 'utf8')) as object
  action.write('names.json', JSON.stringify({ ...names, site: 'https://docs.example' }))
  const options = [
    '--only',
    'action',
    '--to',
    action.folder,
    '--names',
    join(action.folder, 'names.json'),
  ]
  execFileSync(process.execPath, ['esbuild.mjs', ...options], { cwd: ROOT })
  mkdirSync(join(action.folder, 'bin'))
  symlinkSync(pathOf('git'), join(action.folder, 'bin/git'))
  action.write('guard.cjs', GUARD)
  for (const name of readdirSync(SHOP))
    checkout.write(`deploy/${name}`, readFileSync(join(SHOP, name), 'utf8'))
  git('init', '--initial-branch', 'main')
  git('add', 'deploy')
  git('commit', '-m', 'before')
  git('checkout', '-b', 'change')
})
afterAll(() => {
  checkout.remove()
  action.remove()
})

/** The network throws. Calls of programs and of the network are recorded, and the time on the processor. */
const GUARD = `
const { appendFileSync } = require('node:fs')
const record = (what) => appendFileSync(process.env.GUARD_FILE, what + '\\n')
const children = require('node:child_process')
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  const original = children[name]
  children[name] = (program, ...rest) => {
    record(name + ' ' + program)
    return original(program, ...rest)
  }
}
for (const [module, names] of [['net', ['connect', 'createConnection']], ['http', ['request', 'get']], ['https', ['request', 'get']], ['dns', ['lookup']]])
  for (const name of names) require('node:' + module)[name] = () => {
    record(module + '.' + name)
    throw new Error(module)
  }
globalThis.fetch = () => record('fetch')
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  appendFileSync(process.env.GUARD_FILE + '.time', String((user + system) / 1e6))
})
`

function pathOf(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? program
}

/** Runs the entry as a runner of GitHub does. */
function run(given: Readonly<Record<string, string>>) {
  for (const file of ['calls.txt', 'calls.txt.time']) checkout.write(file, '')
  for (const file of ['summary.md', 'outputs.txt']) writeFileSync(join(checkout.folder, file), '')
  const values = Object.entries({
    ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default])),
    ...given,
  })
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', join(action.folder, 'guard.cjs'), join(action.folder, 'action.cjs')],
    {
      cwd: checkout.folder,
      encoding: 'utf8',
      env: {
        PATH: join(action.folder, 'bin'),
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: checkout.folder,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_REPOSITORY: 'example/shop',
        GITHUB_STEP_SUMMARY: join(checkout.folder, 'summary.md'),
        GITHUB_OUTPUT: join(checkout.folder, 'outputs.txt'),
        GUARD_FILE: join(checkout.folder, 'calls.txt'),
        RUNNER_OS: 'Linux',
        ...Object.fromEntries(
          values.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
        ),
      },
    },
  )
  return {
    status,
    stdout,
    stderr,
    seconds: Number(checkout.read('calls.txt.time')),
    calls: checkout.read('calls.txt').trimEnd().split('\n'),
  }
}

const REPORTS = { sarif: 'a.sarif', markdown: 'comment.md', junit: 'junit.xml' }

it('one run on the sample has valid outputs, without network and without another program', async () => {
  const { status, stdout, stderr, calls, seconds } = run({ paths: 'deploy', ...REPORTS })
  expect([status, stderr, calls]).toEqual([1, '', ['']])
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(MAX_SECONDS)
  expect(readdirSync(action.folder)).not.toContain('node_modules')

  const log = JSON.parse(checkout.read('a.sarif')) as Log
  expect(sarifProblems(log)).toEqual([])
  for (const { id, helpUri } of log.runs[0]?.tool.driver.rules ?? [])
    expect(helpUri).toBe(`https://docs.example/rules/${id}.html`)
  const found = log.runs[0]?.results?.length ?? 0
  expect(found).toBeGreaterThan(10)
  expect(stdout.match(/^::(?:error|warning|notice) /gm)).toHaveLength(found)

  const schema = readFileSync(join(ROOT, 'test-fixtures/junit/junit-10.xsd'), 'utf8')
  const { errors } = await validateXML({ xml: checkout.read('junit.xml'), schema })
  expect(errors).toEqual([])

  expect(checkout.read('comment.md')).toBe(checkout.read('summary.md'))
  expect(checkout.read('outputs.txt')).toBe(
    'errors=16\nwarnings=3\nsarif=a.sarif\nmarkdown=comment.md\njunit=junit.xml\n',
  )
})

it.each([
  [{ paths: 'nowhere' }, 'nowhere does not exist'],
  [{ paths: 'a%0A%::error::b' }, 'a%0A%::error::b does not exist'],
  [{ strict: 'yes' }, 'the input strict must be true or false, not "yes"'],
  [
    { paths: 'deploy', sarif: 'nowhere/a.sarif' },
    'nowhere/a.sarif cannot be written: its folder does not exist',
  ],
  [{ paths: 'deploy', 'diff-base': 'nothing' }, 'git has no commit "nothing"'],
  [
    { paths: 'deploy', 'diff-base': 'origin/' },
    'the input diff-base "origin/" has no branch: github.base_ref is empty outside of a pull request',
  ],
])('an annotation names why the step with %j fails', (given, cause) => {
  const { status, stdout, stderr } = run(given)
  const annotations = [...stdout.matchAll(/^::error title=Ambient Policy::(.*)$/gm)]
  expect([status, annotations.length]).toEqual([2, 1])
  const text = annotations[0]?.[1]?.replaceAll('%25', '%') ?? ''
  expect(text).toBe(cause)
  expect(stderr).toContain(`ambient-policy: ${text}\n`)
})

it('a report that is not written is no output', () => {
  run({ paths: 'deploy', sarif: 'nowhere/a.sarif', junit: 'junit.xml' })
  expect(checkout.read('outputs.txt')).toBe('errors=16\nwarnings=3\n')
})

it('diff-base runs only git', () => {
  const policies = readFileSync(join(SHOP, 'policies.yaml'), 'utf8')
  checkout.write('deploy/policies.yaml', replaceAllIn(policies, ['["shop/web"]', '["shop/batch"]']))
  git('commit', '-a', '-m', 'after')
  const { calls, status, seconds } = run({ paths: 'deploy', 'diff-base': 'main', ...REPORTS })
  expect([...new Set(calls)]).toEqual(['spawnSync git'])
  expect(status).toBe(1)
  expect(seconds).toBeLessThanOrEqual(MAX_SECONDS)
  expect(checkout.read('comment.md')).toContain('### Allowed now, denied before')
  expect(checkout.read('outputs.txt')).toContain('access-changed=true\n')
})

it('the comment with many findings and many changes of access fits into GitHub', () => {
  const names = Array.from({ length: 150 }, (_, index) => `service-with-a-long-name-${index}`)
  const mesh = (allowed: string): string =>
    names
      .map(
        (name) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: large, labels: {app: ${name}, istio.io/dataplane-mode: ambient}}
spec: {serviceAccountName: ${name}, containers: [{name: a, ports: [{containerPort: 8080}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: large}
spec:
  selector: {matchLabels: {app: ${name}}}
  rules:
  - from: [{source: {serviceAccounts: [${allowed}]}}]
  - to: [{operation: {methods: [GET]}}]
`,
      )
      .join('---\n')
  checkout.write('large/mesh.yaml', mesh('web'))
  git('add', 'large')
  git('commit', '-m', 'large')
  git('branch', '-f', 'large-base')
  checkout.write('large/mesh.yaml', mesh('batch'))
  git('commit', '-a', '-m', 'changed')
  const { status } = run({ paths: 'large', 'diff-base': 'large-base', ...REPORTS })
  const comment = checkout.read('comment.md')
  expect(status).toBe(1)
  expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT)
  expect(comment.length).toBeGreaterThan(MAX_COMMENT / 2)
  expect(comment).toMatch(/\d+ more findings are not shown\./)
  expect(comment).toMatch(/\d+ more changes are not shown\./)
})
