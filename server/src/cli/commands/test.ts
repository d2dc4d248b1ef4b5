import { formatTestFile, printable, recordTests, targetInWords } from '@istio-ambient-policy/shared'
import { asSingleMesh, type InputOptions } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { createStyle } from '../style.js'
import { findTestFiles } from '../test/findTestFiles.js'
import { runTestFiles } from '../test/runTestFiles.js'
import { TEST_FORMATS } from '../test/testFormats.js'
import type { TestReport } from '../test/testReport.js'
import { watchAndRun } from '../test/watchAndRun.js'
import { addInputOptions, formatOption, strictOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy test                                     run the tests below this folder
  $ ambient-policy test --format junit tests/ > junit.xml
  $ ambient-policy test --coverage --threshold 80 tests/
  $ ambient-policy test --mutants tests/                    find parts of policies that no test notices
  $ ambient-policy test --watch tests/                      run the tests again after each change
  $ ambient-policy test --record deploy/ > deploy/all.access-test.yaml

A test file has cases with an expected verdict, and rules over all requests. A file does not run if it has a problem.
Exit status: 0 no test failed, 1 a test failed or the coverage is below --threshold, 2 a test file or a file of the
mesh cannot be read.`

interface TestOptions extends InputOptions {
  readonly format: string
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
    .addOption(formatOption(Object.keys(TEST_FORMATS)))
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
      if (options.watch === true)
        await watchAndRun(io, { paths, options }, (onMesh) => test(io, paths, options, onMesh))
      else finish(await (options.record === true ? record : test)(io, paths, options))
    })
}

async function test(
  io: CliIo,
  paths: readonly string[],
  options: TestOptions,
  onMesh?: (paths: readonly string[]) => void,
): Promise<number> {
  const threshold = thresholdOf(options.threshold)
  const found = findTestFiles(io, paths)
  const { report, incomplete, notRead } = await runTestFiles(io, found.files, {
    ...options,
    coverage: options.coverage === true || threshold !== undefined,
    ...(onMesh ? { onMesh } : {}),
  })
  const format = TEST_FORMATS[options.format]
  if (!format) throw new Error(`Unknown format ${options.format}.`)
  const text = format(report, createStyle(io.colours))
  if (options.format === 'github') io.outCommands(text)
  else io.out(text)
  for (const { file, range, message } of report.problems)
    io.warn(printable(`${file}:${range.start.line + 1}:${range.start.character + 1} ${message}`))
  const isStrictFailure = failsStrictly(io, options, [...found.notRead, ...notRead])
  if (report.problems.length > 0 || incomplete || isStrictFailure) return EXIT_FAILURE
  return fails(io, report, threshold) ? EXIT_FINDINGS : EXIT_OK
}

function fails(io: CliIo, report: TestReport, threshold: number | undefined): boolean {
  const below = (report.coverage ?? []).filter(({ percent }) => percent < (threshold ?? 0))
  for (const { mesh, percent } of below)
    io.warn(
      printable(`the coverage of ${mesh.join(', ')} is ${percent} %, below ${threshold ?? 0} %`),
    )
  return report.summary.failed > 0 || below.length > 0
}

function thresholdOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const percent = /^\d{1,3}(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (percent <= 100) return percent
  throw new CommandFailure(`--threshold must be a percentage from 0 to 100, not "${text}"`)
}

async function record(io: CliIo, paths: readonly string[], options: TestOptions): Promise<number> {
  const { analysis, incomplete, notRead } = await loadOneMesh(io, asSingleMesh(io, paths, options))
  const { cases, notCompared } = recordTests(analysis.mesh)
  for (const { target, reason } of notCompared)
    io.warn(printable(`${targetInWords(target)} is not recorded: ${reason}`))
  io.out(formatTestFile(cases))
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
}
