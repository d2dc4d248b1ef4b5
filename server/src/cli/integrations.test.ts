import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runAction as runActionWith } from '../action/runAction.js'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { FAIL_ON } from './failOn.js'
import { FORMAT_NAMES } from './format/formatNames.js'
import { ACTION, environmentOf } from './testing/actionFile.js'
import { createCliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from './testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string): unknown => parse(readFileSync(join(ROOT, file), 'utf8'))

const repository = createCliFolder({
  'good/mesh.yaml': NAMESPACE_AND_API,
  'bad one/mesh.yaml': NAMESPACE_AND_API,
  'bad one/allow.yaml': ALLOW_GET,
  'peers/mesh.yaml': `${NAMESPACE_AND_API}---\n${DISABLED}`,
})
/** A checkout of this project that has only the bundle. */
const checkout = createCliFolder({})
/** A release of the action: its file, and nothing else. */
const actionFolder = createCliFolder({})
beforeAll(() => {
  cpSync(testBundle('action'), join(actionFolder.folder, 'dist'), { recursive: true })
  cpSync(testBundle('cli'), join(checkout.folder, 'server/dist'), { recursive: true })
  mkdirSync(join(checkout.folder, 'bin'))
  chmodSync(join(checkout.folder, 'server/dist/cli.cjs'), 0o755)
  symlinkSync('../server/dist/cli.cjs', join(checkout.folder, 'bin/ambient-policy'))
})
afterAll(() => {
  repository.remove()
  checkout.remove()
  actionFolder.remove()
})

interface ActionRun {
  readonly status: number | null
  readonly log: string
  readonly summary: string
  /** The outputs of the step, as the runner reads them. */
  readonly outputs: string
}

/** Runs the action in this process. */
async function runAction(given: Readonly<Record<string, string>>): Promise<ActionRun> {
  const files = { summary: '', outputs: '' }
  const { status, out, errors } = await repository.runWith(
    (io) =>
      runActionWith(environmentOf(given), io, {
        addSummary: (markdown) => {
          files.summary += markdown
        },
        setOutput: (name, value) => {
          files.outputs += `${name}=${value}\n`
        },
      }),
    { workflow: true },
  )
  const log = out + errors.map((line) => `ambient-policy: ${line}\n`).join('')
  return { status, log, ...files }
}

/** Runs the entry of the action as a GitHub runner does: with its inputs in the environment, and no `node_modules`. */
function runBundle(given: Readonly<Record<string, string>>): ActionRun {
  repository.write('summary.md', '')
  repository.write('outputs.txt', '')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(actionFolder.folder, ACTION.runs.main)],
    {
      cwd: repository.folder,
      env: {
        PATH: process.env['PATH'],
        GITHUB_WORKSPACE: repository.folder,
        GITHUB_STEP_SUMMARY: join(repository.folder, 'summary.md'),
        GITHUB_OUTPUT: join(repository.folder, 'outputs.txt'),
        ...environmentOf(given),
      },
      encoding: 'utf8',
    },
  )
  return {
    status,
    log: stdout + stderr,
    summary: repository.read('summary.md'),
    outputs: repository.read('outputs.txt'),
  }
}

/** The log of a step that cannot run: an annotation with the cause, and the cause. */
const failureLog = (cause: string): string =>
  `::error title=Ambient Policy::${cause}\nambient-policy: ${cause}\n`

describe('the GitHub action', () => {
  it('the action is one bundled file, which the build makes', () => {
    expect(ACTION.runs.using).toBe('node24')
    expect(readFileSync(join(ROOT, 'esbuild.mjs'), 'utf8')).toContain(`'${ACTION.runs.main}'`)
  })

  it('the inputs of the action describe all formats and levels of the command line', () => {
    const { format, 'fail-on': failOn } = ACTION.inputs
    for (const name of FORMAT_NAMES.check)
      expect(format?.description).toMatch(new RegExp(`\\b${name}\\b`))
    for (const level of FAIL_ON) expect(failOn?.description).toMatch(new RegExp(`\\b${level}\\b`))
  })

  it('the action compares access with the base of a pull request', async () => {
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
        cwd: repository.folder,
        stdio: 'ignore',
      })
    }
    repository.write('access/mesh.yaml', MESH)
    git('init', '--initial-branch', 'main')
    git('add', 'access')
    git('commit', '-m', 'before')
    git('checkout', '-b', 'change')
    repository.write('access/mesh.yaml', replaceIn(MESH, ['[GET]', '[GET, DELETE]']))
    git('commit', '-a', '-m', 'after')
    const gate = { paths: 'access', 'diff-base': 'main' }
    const { status, log, summary } = await runAction(gate)
    expect({ status, log }).toEqual({
      status: 1,
      log: expect.stringContaining('title=access gained::Service shop/api port 80') as unknown,
    })
    expect(summary).toContain('**1 gained**')
    expect((await runAction({ ...gate, 'diff-fail-on': 'never' })).status).toBe(0)
    expect((await runAction({ ...gate, 'diff-base': 'nothing' })).status).toBe(2)
  })

  it('the action prints annotations, writes a summary and fails if there are errors', async () => {
    const given = { paths: 'good\nbad one\n' }
    const { status, log, summary, outputs } = await runAction(given)
    expect(runBundle(given)).toEqual({ status, log, summary, outputs })
    expect(status).toBe(1)
    expect(log).toMatch(/^::error file=bad one\/allow\.yaml,line=11,/)
    expect(summary).toMatch(/^## Ambient Policy for Istio\n\n1 error: 5 objects in 3 files\./)
  })

  it('the action passes if no finding has the level of fail-on', async () => {
    expect(await runAction({ paths: 'good' })).toMatchObject({
      status: 0,
      log: '',
      summary: '## Ambient Policy for Istio\n\nNo findings: 2 objects in 1 file.\n',
    })
    expect(await runAction({ paths: 'bad one', 'fail-on': 'never' })).toMatchObject({
      status: 0,
      log: expect.stringMatching(/^::error /) as string,
    })
    expect((await runAction({ paths: 'peers' })).status).toBe(0)
    expect((await runAction({ paths: 'peers', 'fail-on': 'warning' })).status).toBe(1)
    expect((await runAction({})).status).toBe(1)
  })

  it('the action writes its report to the file of the input output', async () => {
    expect(
      await runAction({ paths: 'bad one', format: 'sarif', output: 'out.sarif' }),
    ).toMatchObject({
      status: 1,
      log: '',
    })
    expect(JSON.parse(repository.read('out.sarif'))).toMatchObject({ version: '2.1.0' })
  })

  it('the action does not write its report through a symbolic link', async () => {
    symlinkSync('elsewhere.sarif', join(repository.folder, 'link.sarif'))
    expect(await runAction({ paths: 'good', format: 'sarif', output: 'link.sarif' })).toMatchObject(
      {
        status: 2,
        log: failureLog('link.sarif is a symbolic link and was not written'),
      },
    )
    expect(existsSync(join(repository.folder, 'elsewhere.sarif'))).toBe(false)
  })

  it('the action runs policy tests and fails if one fails', async () => {
    repository.write(
      'tests/a.access-test.yaml',
      'mesh: ../good\ncases:\n  - {name: open, request: {from: a/b, to: "workload shop/api:80"}, expect: deny}\n',
    )
    const { status, log, summary, outputs } = await runAction({ paths: 'good', tests: 'tests' })
    expect(status).toBe(1)
    expect(log).toMatch(/^::error file=tests\/a\.access-test\.yaml,line=3,title=open::/)
    expect(summary).toContain('## Policy tests\n\n**1 test: 0 passed, 1 failed**')
    expect(outputs).toContain('tests-failed')
    expect((await runAction({ paths: 'good', tests: 'nothing' })).status).toBe(2)
  })

  it('the action does not report the findings of a baseline', async () => {
    execFileSync(
      process.execPath,
      [
        join(checkout.folder, 'server/dist/cli.cjs'),
        'check',
        '--write-baseline',
        'known findings.json',
        'bad one',
      ],
      { cwd: repository.folder, stdio: 'ignore' },
    )
    expect((await runAction({ paths: 'bad one', baseline: 'known findings.json' })).status).toBe(0)
  })

  it('the action prints what is wrong with its inputs and does not run their text', async () => {
    expect(await runAction({ paths: 'nowhere' })).toEqual({
      status: 2,
      log: failureLog('nowhere does not exist'),
      summary: '',
      outputs: '',
    })
    expect(await runAction({ format: 'xml' })).toMatchObject({
      status: 2,
      log: expect.stringContaining('--format must be one of text, ') as string,
    })
    const odd = '$(touch pwned); "; touch pwned; `touch pwned`'
    expect((await runAction({ paths: odd, 'fail-on': odd })).status).toBe(2)
    expect((await runAction({ paths: odd, format: odd, baseline: odd })).status).toBe(2)
    expect(existsSync(join(repository.folder, 'pwned'))).toBe(false)
  })

  it('the action writes several reports and its outputs in one run', async () => {
    const { status, log, summary, outputs } = await runAction({
      paths: 'bad one',
      sarif: 'findings.sarif',
      markdown: 'comment.md',
    })
    expect(status).toBe(1)
    expect(log).toMatch(/^::error /)
    expect(JSON.parse(repository.read('findings.sarif'))).toMatchObject({ version: '2.1.0' })
    expect(repository.read('comment.md')).toBe(summary)
    expect(outputs).toBe('errors=1\nwarnings=0\nsarif=findings.sarif\nmarkdown=comment.md\n')
    const names = outputs.match(/^[\w-]+(?==)/gm) ?? []
    expect(names.filter((name) => !(name in ACTION.outputs))).toEqual([])
  })

  it.each([
    ['diff-base', '--output=x', /diff-base must be a commit or a branch/],
    ['diff-base', 'a...b c', /diff-base must be a commit or a branch/],
    ['strict', 'yes', /strict must be true or false/],
    ['sarif', 'no such folder/a.sarif', /no such folder\/a\.sarif/],
  ])('the action refuses %s: %s', async (name, value, message) => {
    const { status, log } = await runAction({ paths: 'good', [name]: value })
    expect(status).toBe(2)
    expect(log).toMatch(message)
  })
})

describe('the pre-commit hook', () => {
  interface Hook {
    readonly id: string
    readonly entry: string
    readonly language: string
    readonly files: string
    readonly pass_filenames: boolean
  }
  const hooks = read('.pre-commit-hooks.yaml') as readonly Hook[]
  const hook = hooks.find(({ id }) => id === 'ambient-policy')!
  const commit = (...args: string[]) =>
    spawnSync('sh', ['-c', `${hook.entry} "$@"`, 'hook', ...args], {
      cwd: repository.folder,
      encoding: 'utf8',
      env: { PATH: `${checkout.folder}/bin:${process.env['PATH'] ?? ''}` },
    })

  it('the pre-commit hook runs the program of the package on the whole repository', () => {
    const { bin, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly bin: object
      readonly scripts: object
    }
    expect(hook.language).toBe('node')
    expect(hook.pass_filenames).toBe(false)
    expect(Object.keys(bin)).toContain(hook.entry.split(' ')[0])
    expect(Object.keys(scripts)).toContain('prepare')
    expect(
      ['a.yaml', 'b/c.yml', 'a.yaml.md'].map((file) => new RegExp(hook.files).test(file)),
    ).toEqual([true, true, false])
  })

  it('the pre-commit hook fails if there are errors, and accepts folders as arguments', () => {
    expect(commit()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        'bad one/allow.yaml:11:13 error l7-allow-rule-dropped',
      ) as string,
    })
    expect(commit('good')).toMatchObject({
      status: 0,
      stdout: 'No findings: 2 objects in 1 file.\n',
      stderr: '',
    })
  })
})
