import { Option } from 'commander'
import { DIFF_FORMATS } from '../diff/diffFormats.js'
import { comparePairs, diffReport } from '../diff/diffReport.js'
import { FAIL_ON_CHANGE, gateOf, type FailOnChange } from '../diff/gate.js'
import { requestChanges } from '../diff/requestChanges.js'
import { readFolders, readRevisions, type Sides } from '../diff/sides.js'
import { toJson } from '../format/json.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { readRequests } from '../readRequests.js'
import { createStyle } from '../style.js'
import { formatOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy diff deploy-before/ deploy/
  $ ambient-policy diff --git origin/main...HEAD deploy/
  $ ambient-policy diff --git origin/main...HEAD --format markdown --fail-on never deploy/ > comment.md
  $ ambient-policy diff --git HEAD deploy/                       a commit and the files on disk

Exit status: 0 no change of the kind of --fail-on; 1 such a change, an undecided change that may be one, or a destination
that is not compared; 2 a wrong command line, input that cannot be read, or with --strict something that is not compared.
With --git, this command runs git to read commits. No other command starts a program, except helm for --helm.`

interface DiffOptions {
  readonly git?: string
  readonly format: string
  readonly failOn: FailOnChange
  readonly requests?: string
  readonly moved?: boolean
  readonly strict?: boolean
}

/** `diff`: the requests whose verdict is different after a change. */
export const addDiff: AddCommand = (program, io, finish) => {
  program
    .command('diff')
    .description('compare what is allowed before and after a change, for all requests')
    .argument(
      '[paths...]',
      'the folders or files before and after; with --git the paths to compare, default "."',
    )
    .option(
      '--git <range>',
      'compare commits: BASE...HEAD, BASE..HEAD, or BASE with the files on disk',
    )
    .addOption(formatOption(Object.keys(DIFF_FORMATS)))
    .addOption(
      new Option('--fail-on <change>', 'the change of access for exit status 1')
        .choices(FAIL_ON_CHANGE)
        .default('gained'),
    )
    .option(
      '--requests <file>',
      'print the verdicts and the change of each request in this file instead; "-" reads standard input',
    )
    .option('--moved', 'show the requests that another proxy decides, with the same verdict, too')
    .option(
      '--strict',
      'exit with 2 if a file is not read in full or a destination is not compared',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: DiffOptions) => {
      finish(await diff(io, paths, options))
    })
}

async function diff(io: CliIo, paths: readonly string[], options: DiffOptions): Promise<number> {
  const sides = await readSides(io, paths, options)
  const compared = comparePairs(sides)
  const complete = !sides.before.incomplete && !sides.after.incomplete
  const report = diffReport(sides, compared, { moved: options.moved === true })
  if (options.requests !== undefined) {
    const lines = requestChanges(compared, await readRequests(io, options.requests))
    io.out(lines.map((line) => `${toJson(line)}\n`).join(''))
  } else {
    const format = DIFF_FORMATS[options.format]
    if (!format) throw new Error(`Unknown format ${options.format}.`)
    const print = (text: string): void => {
      if (options.format === 'github') io.outCommands(text)
      else io.out(text)
    }
    print(
      format(report, {
        version: io.version,
        maxMarkdown: io.maxMarkdown,
        style: createStyle(io.colours),
        complete,
        paths: sides.after.paths ?? paths,
      }),
    )
  }
  if (!complete) return EXIT_FAILURE
  if (options.strict === true && report.notComparable.length > 0) {
    for (const { what, reason } of report.notComparable)
      io.warn(`${what} is not compared: ${reason} (--strict)`)
    return EXIT_FAILURE
  }
  const gate = gateOf(compared, options.failOn)
  for (const reason of gate.reasons) io.warn(`--fail-on ${options.failOn}: ${reason}`)
  return gate.fails ? EXIT_FINDINGS : EXIT_OK
}

async function readSides(
  io: CliIo,
  paths: readonly string[],
  { git }: DiffOptions,
): Promise<Sides> {
  if (git !== undefined) return readRevisions(io, git, paths.length === 0 ? ['.'] : paths)
  const [before, after, ...others] = paths
  if (before === undefined || after === undefined || others.length > 0)
    throw new CommandFailure('diff needs two paths, before and after, or --git BASE...HEAD')
  return readFolders(io, before, after)
}
