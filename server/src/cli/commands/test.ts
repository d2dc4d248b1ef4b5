import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import type { InputOptions } from '../inputs.js'
import { addInputOptions, formatOption, strictOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  # Run the tests below this folder
  $ ambient-policy test

  # Run the tests again after each change
  $ ambient-policy test --watch tests/

  $ ambient-policy test --format junit tests/ > junit.xml
  $ ambient-policy test --coverage --threshold 80 tests/

  # Find parts of policies that no test notices
  $ ambient-policy test --mutants tests/

  # Write a test file with the access of today
  $ ambient-policy test --record deploy/ > deploy/all.access-test.yaml

A test file has cases with an expected verdict, and rules over all requests. A
file does not run if it has a problem.
Exit status: 0 no test failed, 1 a test failed or the coverage is below
--threshold, 2 a test file or a file of the mesh cannot be read.`

export interface TestOptions extends InputOptions {
  readonly format: FormatName<'test'>
  readonly coverage?: boolean
  readonly threshold?: string
  readonly mutants?: boolean
  readonly record?: boolean
  readonly watch?: boolean
  readonly strict?: boolean
}

/** `test`: runs policy tests, or writes tests for the present verdicts. */
export const addTest: AddCommand = (program, io, finish) => {
  const command = program
    .command('test')
    .description('run policy tests: expected verdicts of requests, and rules over all requests')
    .argument(
      '[paths...]',
      'test files (*.access-test.yaml) and folders; with --record: the files of the mesh',
      ['.'],
    )
    .addOption(formatOption(FORMAT_NAMES.test))
    .option('--coverage', 'show which rules of the policies decide the request of a case')
    .option('--threshold <percent>', 'exit with 1 if the coverage is below; implies --coverage')
    .option(
      '--mutants',
      'remove each part of the policies, and show the parts that no test notices',
    )
    .option('--record', 'write a test file for the present verdicts to standard output')
    .option('--watch', 'run the tests again after each change of their files or of the mesh')
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: TestOptions) => {
      const { record, test, watch } = await import('../run/test.js')
      if (options.watch === true) await watch(io, paths, options)
      else finish(await (options.record === true ? record : test)(io, paths, options))
    })
}
