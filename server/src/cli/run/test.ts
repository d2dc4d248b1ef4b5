import { watchAndRun } from '../test/watchAndRun.js'
import { formatTestFile, printable, recordTests, targetInWords } from '@istio-ambient-policy/shared'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { createStyle } from '../style.js'
import { findTestFiles } from '../test/findTestFiles.js'
import { runTestFiles } from '../test/runTestFiles.js'
import { TEST_FORMATS } from '../test/testFormats.js'
import type { TestReport } from '../test/testReport.js'
import type { TestOptions } from '../commands/test.js'

export async function test(
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

/** Runs the tests again after each change, until the process ends. */
export async function watch(
  io: CliIo,
  paths: readonly string[],
  options: TestOptions,
): Promise<void> {
  await watchAndRun(io, { paths, options }, (onMesh) => test(io, paths, options, onMesh))
}

export async function record(
  io: CliIo,
  paths: readonly string[],
  options: TestOptions,
): Promise<number> {
  const { analysis, incomplete, notRead } = await loadOneMesh(io, asSingleMesh(io, paths, options))
  const { cases, notCompared } = recordTests(analysis.mesh)
  for (const { target, reason } of notCompared)
    io.warn(printable(`${targetInWords(target)} is not recorded: ${reason}`))
  io.out(formatTestFile(cases))
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
}
