import { CommandFailure } from '../cli/io.js'

/** The inputs of the action (`action.yml`). Empty texts are undefined. */
export interface ActionInputs {
  readonly paths: readonly string[]
  readonly failOn: string
  readonly format: string
  readonly output: string | undefined
  readonly sarif: string | undefined
  readonly markdown: string | undefined
  readonly junit: string | undefined
  readonly baseline: string | undefined
  readonly strict: boolean
  readonly settings: string | undefined
  /** Empty: no tests are run. */
  readonly tests: readonly string[]
  readonly diffBase: string | undefined
  readonly diffFailOn: string
}

/** The variables of the environment, such as `INPUT_FAIL-ON`, which a runner sets for the input `fail-on`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the inputs. Throws a `CommandFailure` for a value that is not valid. */
export function readActionInputs(env: Environment): ActionInputs {
  const input = (name: string): string | undefined => {
    const value = env[`INPUT_${name.toUpperCase()}`]?.trim()
    return value === '' ? undefined : value
  }
  const lines = (name: string, absent: string): string[] =>
    (input(name) ?? absent)
      .split('\n')
      .map((path) => path.trim())
      .filter((path) => path !== '')
  const diffBase = input('diff-base')
  if (diffBase !== undefined && !/^[\w/][\w./-]*$/.test(diffBase))
    throw new CommandFailure(`the input diff-base must be a commit or a branch, not "${diffBase}"`)
  if (diffBase?.endsWith('/') === true)
    throw new CommandFailure(
      `the input diff-base "${diffBase}" has no branch: github.base_ref is empty outside of a pull request`,
    )
  return {
    paths: lines('paths', '.'),
    failOn: input('fail-on') ?? 'error',
    format: input('format') ?? 'github',
    output: input('output'),
    sarif: input('sarif'),
    markdown: input('markdown'),
    junit: input('junit'),
    baseline: input('baseline'),
    strict: flag(input('strict'), 'strict'),
    settings: input('settings'),
    tests: lines('tests', ''),
    diffBase,
    diffFailOn: input('diff-fail-on') ?? 'gained',
  }
}

function flag(value: string | undefined, name: string): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false')
    throw new CommandFailure(`the input ${name} must be true or false, not "${value}"`)
  return value === 'true'
}
