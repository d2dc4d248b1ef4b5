import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import { Option } from 'commander'
import { FAIL_ON, type FailOn } from '../failOn.js'
import type { InputOptions } from '../inputs.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy check --format sarif deploy/ > ambient-policy.sarif
  $ ambient-policy check --fix-dry-run deploy/ | git apply

  # Annotations in a workflow, with two reports in files
  $ ambient-policy check --format github --output sarif=findings.sarif \\
      --output markdown=comment.md deploy/

  # Report only findings that are new since the first command
  $ ambient-policy check --write-baseline .ambient-policy-baseline.json
  $ ambient-policy check --baseline .ambient-policy-baseline.json

Formats: text and json; sarif for code scanning; github for annotations in a
workflow; gitlab for code quality; junit for test reports; markdown for a
comment on a pull request. Notices go to standard error.
A finding in the baseline is known by its rule, object, field and message: it
stays known when lines move.
Exit status: 0 no findings at or above --fail-on, 1 findings, 2 a wrong command
line or input that cannot be read, or with --strict input that is not read in
full.`

export interface CheckOptions extends InputOptions {
  readonly strict?: boolean
  readonly format: FormatName<'check'>
  readonly failOn: FailOn
  readonly fix?: boolean
  readonly fixDryRun?: boolean
  readonly baseline?: string
  readonly writeBaseline?: string
  readonly output?: readonly string[]
  readonly cache?: boolean
}

/** `check`: reports the findings of the meshes in the paths. */
export const addCheck: AddCommand = (program, io, finish) => {
  const command = program
    .command('check')
    .description('report policies that Istio ambient mode does not enforce as expected')
    .argument('[paths...]', PATHS_HELP.separateMeshes, ['.'])
    .addOption(formatOption(FORMAT_NAMES.check))
    .addOption(
      new Option('--fail-on <level>', 'lowest level of a finding for exit status 1')
        .choices(FAIL_ON)
        .default('error'),
    )
    .option('--fix', 'apply the fixes that cannot widen access, and report the remaining findings')
    .addOption(
      new Option(
        '--fix-dry-run',
        'print the changes of --fix as a unified diff, and write no file',
      ).conflicts('fix'),
    )
    .option('--baseline <file>', 'do not report the findings in this file')
    .addOption(
      new Option(
        '--write-baseline <file>',
        'write all findings to this file for --baseline, and exit with 0',
      ).conflicts(['baseline', 'fixDryRun']),
    )
    .option(
      '--output <format=file>',
      'write the report in this format to a file too; can be repeated',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .addOption(strictOption())
    .option('--no-cache', 'evaluate all files, also if they are the same as in an earlier run')
    .option('--no-ignore-comments', 'report also the findings that comments or annotations hide')
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import('../run/check.js')
      finish(await check(io, paths, options))
    })
}
