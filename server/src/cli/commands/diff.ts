import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import { Option } from 'commander'
import { formatOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy diff deploy-before/ deploy/
  $ ambient-policy diff --git origin/main...HEAD deploy/

  # The last commit and the files on disk
  $ ambient-policy diff --git HEAD deploy/

  # A comment for a pull request
  $ ambient-policy diff --git origin/main...HEAD --format markdown \\
      --fail-on never deploy/ > comment.md

Exit status: 0 no change of the kind of --fail-on; 1 such a change, an undecided
change that may be one, or a destination that is not compared; 2 a wrong command
line, input that cannot be read, or with --strict something that is not
compared.
With --git, this command runs git to read commits. No other command starts a
program, except helm for --helm.`

/** Values of `--fail-on`. */
const FAIL_ON_CHANGE = ['gained', 'lost', 'any', 'never'] as const

export type FailOnChange = (typeof FAIL_ON_CHANGE)[number]

export interface DiffOptions {
  readonly git?: string
  readonly format: FormatName<'diff'>
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
    .addOption(formatOption(FORMAT_NAMES.diff))
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
      const { diff } = await import('../run/diff.js')
      finish(await diff(io, paths, options))
    })
}
