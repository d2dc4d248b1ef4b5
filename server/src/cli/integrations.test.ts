import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { FAIL_ON } from './failOn.js'
import { CHECK_FORMATS } from './format/checkFormats.js'
import { createCliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from './testing/meshFiles.js'

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
beforeAll(() => {
  cpSync(testBundle('cli'), join(checkout.folder, 'server/dist'), { recursive: true })
  mkdirSync(join(checkout.folder, 'bin'))
  chmodSync(join(checkout.folder, 'server/dist/cli.cjs'), 0o755)
  symlinkSync('../server/dist/cli.cjs', join(checkout.folder, 'bin/ambient-policy'))
})
afterAll(() => {
  repository.remove()
  checkout.remove()
})

interface Step {
  readonly name: string
  readonly shell?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly 'working-directory'?: string
}

interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly default: string; readonly description: string }>
  >
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

const action = read('action.yml') as Action

interface ActionRun {
  readonly status: number | null
  readonly log: string
  readonly summary: string
}

/** Runs the steps of the action as a GitHub runner does. */
function runAction(
  given: Readonly<Record<string, string>>,
  { actionPath = checkout.folder, path = '' } = {},
): ActionRun {
  const inputs: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, input.default]),
    ),
    ...given,
  }
  const fill = (text: string): string =>
    text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, expression: string) => {
      const value =
        expression === 'github.action_path'
          ? actionPath
          : expression.startsWith('inputs.')
            ? inputs[expression.slice('inputs.'.length)]
            : undefined
      if (value === undefined)
        throw new Error(`The action uses ${expression}, which does not exist.`)
      return value
    })
  repository.write('summary.md', '')
  let log = ''
  for (const step of action.runs.steps) {
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]),
    )
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run ?? '')],
      {
        cwd:
          step['working-directory'] === undefined
            ? repository.folder
            : fill(step['working-directory']),
        env: {
          PATH: path + (process.env['PATH'] ?? ''),
          GITHUB_STEP_SUMMARY: join(repository.folder, 'summary.md'),
          ...env,
        },
        encoding: 'utf8',
      },
    )
    log += stdout + stderr
    if (status !== 0) return { status, log, summary: repository.read('summary.md') }
  }
  return { status: 0, log, summary: repository.read('summary.md') }
}

describe('the GitHub action', () => {
  it('the steps of the action are shell scripts without expressions in their text', () => {
    expect(action.runs.using).toBe('composite')
    for (const step of action.runs.steps)
      expect(step).toMatchObject({
        shell: 'bash',
        run: expect.not.stringContaining('${{') as string,
      })
  })

  it('the inputs of the action describe all formats and levels of the command line', () => {
    const { format, 'fail-on': failOn } = action.inputs
    for (const name of Object.keys(CHECK_FORMATS))
      expect(format?.description).toMatch(new RegExp(`\\b${name}\\b`))
    for (const level of FAIL_ON) expect(failOn?.description).toMatch(new RegExp(`\\b${level}\\b`))
  })

  it('the action compares access with the base of a pull request', () => {
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
    repository.write('access/mesh.yaml', MESH.replace('[GET]', '[GET, DELETE]'))
    git('commit', '-a', '-m', 'after')
    const gate = { paths: 'access', 'diff-base': 'main' }
    const { status, log, summary } = runAction(gate)
    expect({ status, log }).toEqual({
      status: 1,
      log: expect.stringContaining('title=access gained::Service shop/api port 80') as unknown,
    })
    expect(summary).toContain('**1 gained**')
    expect(runAction({ ...gate, 'diff-fail-on': 'never' }).status).toBe(0)
    expect(runAction({ ...gate, 'diff-base': 'nothing' }).status).toBe(2)
  })

  it('the action prints annotations, writes a summary and fails if there are errors', () => {
    const { status, log, summary } = runAction({ paths: 'good\nbad one\n' })
    expect(status).toBe(1)
    expect(log).toMatch(/^::error file=bad one\/allow\.yaml,line=11,/)
    expect(summary).toMatch(/^## Istio Ambient Policy\n\n1 error: 5 objects in 3 files\./)
  })

  it('the action passes if no finding has the level of fail-on', () => {
    expect(runAction({ paths: 'good' })).toMatchObject({
      status: 0,
      log: '',
      summary: '## Istio Ambient Policy\n\nNo findings: 2 objects in 1 file.\n',
    })
    expect(runAction({ paths: 'bad one', 'fail-on': 'never' })).toMatchObject({
      status: 0,
      log: expect.stringMatching(/^::error /) as string,
    })
    expect(runAction({ paths: 'peers' }).status).toBe(0)
    expect(runAction({ paths: 'peers', 'fail-on': 'warning' }).status).toBe(1)
    expect(runAction({}).status).toBe(1)
  })

  it('the action writes its report to the file of the input output', () => {
    expect(runAction({ paths: 'bad one', format: 'sarif', output: 'out.sarif' })).toMatchObject({
      status: 1,
      log: '',
    })
    expect(JSON.parse(repository.read('out.sarif'))).toMatchObject({ version: '2.1.0' })
  })

  it('the action does not report the findings of a baseline', () => {
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
    expect(runAction({ paths: 'bad one', baseline: 'known findings.json' }).status).toBe(0)
  })

  it('the action prints what is wrong with its inputs and does not run their text', () => {
    expect(runAction({ paths: 'nowhere' })).toEqual({
      status: 2,
      log: 'ambient-policy: nowhere does not exist\n',
      summary: '',
    })
    expect(runAction({ format: 'xml' })).toMatchObject({
      status: 2,
      log: expect.stringContaining("argument 'xml' is invalid") as string,
    })
    const odd = '$(touch pwned); "; touch pwned; `touch pwned`'
    expect(runAction({ paths: odd, 'fail-on': odd }).status).toBe(2)
    expect(runAction({ paths: odd, format: odd, baseline: odd }).status).toBe(2)
    expect(existsSync(join(repository.folder, 'pwned'))).toBe(false)
  })

  it('the action builds the program only if it does not exist', () => {
    const fresh = createCliFolder({
      'bin/npm': `#!/bin/sh\necho "npm $*"\nif [ "$1" = run ]; then mkdir -p server/dist && cp ${checkout.folder}/server/dist/cli.cjs server/dist/; fi\n`,
    })
    chmodSync(join(fresh.folder, 'bin/npm'), 0o755)
    const first = runAction(
      { paths: 'good' },
      { actionPath: fresh.folder, path: `${fresh.folder}/bin:` },
    )
    const second = runAction(
      { paths: 'good' },
      { actionPath: fresh.folder, path: `${fresh.folder}/bin:` },
    )
    fresh.remove()
    expect(first).toMatchObject({ status: 0, log: 'npm ci --no-audit --no-fund\nnpm run build\n' })
    expect(second).toMatchObject({ status: 0, log: '' })
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
