import { Option } from 'commander'
import { readBaseline, writeBaseline } from '../baseline.js'
import { byPosition, checkReport, reportPlain, type ReportedFinding } from '../checkReport.js'
import { evaluateInput, loadedInput, type EvaluatedInput } from '../evaluateInput.js'
import { FAIL_ON, fails, type FailOn } from '../failOn.js'
import { fixFiles } from '../fixFiles.js'
import { CHECK_FORMATS, usesFixes } from '../format/checkFormats.js'
import type { RenderedFix } from '../format/checkFormat.js'
import { countLevels, levelsInWords } from '../format/words.js'
import { separateInputs, type InputOptions } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadMeshes, type LoadedMeshes } from '../loadMesh.js'
import { absolutePath, displayPath, STDIN } from '../paths.js'
import { warnAboutNotRead } from '../notRead.js'
import { readReportFiles, writeReportFile } from '../reportFiles.js'
import { LastText } from '../renderFixes.js'
import { RULE_PAGES } from '../../rulePageAddress.js'
import { createStyle } from '../style.js'
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
  $ ambient-policy check --format github --output sarif=findings.sarif --output markdown=comment.md deploy/
  $ ambient-policy check --fix-dry-run deploy/ | git apply
  $ ambient-policy check --write-baseline .ambient-policy-baseline.json      once, and
  $ ambient-policy check --baseline .ambient-policy-baseline.json            from then on

Formats: text and json; sarif for code scanning; github for annotations in a workflow; gitlab for code quality;
junit for test reports; markdown for a comment on a pull request. Notices go to standard error.
A finding in the baseline is known by its rule, object, field and message: it stays known when lines move.`

interface CheckOptions extends InputOptions {
  readonly strict?: boolean
  readonly format: string
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
    .addOption(formatOption(Object.keys(CHECK_FORMATS)))
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
      finish(await check(io, paths, options))
    })
}

async function check(io: CliIo, paths: readonly string[], options: CheckOptions): Promise<number> {
  const dryRun = options.fixDryRun === true
  const fix = options.fix === true || dryRun
  if (fix && paths.includes('-'))
    throw new CommandFailure('standard input cannot be fixed: use files and folders')
  if (dryRun && options.format !== 'text')
    throw new CommandFailure('--fix-dry-run prints only a diff: remove --format')
  const reportFiles = readReportFiles(options.output, Object.keys(CHECK_FORMATS))
  const baseline = options.baseline === undefined ? undefined : readBaseline(io, options.baseline)
  const isWanted = (finding: ReportedFinding): boolean => !baseline?.isKnown(finding)
  const evaluated: EvaluatedInput[] = []
  const loaded: LoadedMeshes[] = []
  for (const input of separateInputs(io, paths, options))
    if (fix) loaded.push(await loadMeshes(io, input, { world: 'open', remember: true }))
    else
      evaluated.push(
        await evaluateInput(io, input, {
          useCache: options.cache !== false,
          needsFixes: [options.format, ...reportFiles.map(({ format }) => format)].some(usesFixes),
        }),
      )
  const written = loaded.map((each) => fixFiles(io, each, { dryRun, isWanted })).every(Boolean)
  const inputs = [...evaluated, ...loaded.map((each) => loadedInput(io, each))]
  const display = (file: string): string => displayPath(io.cwd, file)
  const notRead = inputs
    .flatMap((input) => input.notRead)
    .map((part) => ({ ...part, file: display(part.file) }))
  const isRefused = options.strict === true && notRead.length > 0
  if (options.strict === true) warnAboutNotRead(io, notRead)
  const complete = written && !isRefused && !inputs.some(({ incomplete }) => incomplete)

  const found = new Map<ReportedFinding, () => readonly RenderedFix[]>()
  for (const input of inputs)
    for (const [index, finding] of input.outcome.findings.entries())
      found.set(reportPlain(finding, input.placeOf), () => input.fixesOf(index))
  const all = [...found.keys()].sort(byPosition)
  if (options.writeBaseline !== undefined) {
    writeBaseline(io, options.writeBaseline, all)
    return complete ? EXIT_OK : EXIT_FAILURE
  }
  const outcomes = inputs.map(({ outcome }) => outcome)
  const report = checkReport(outcomes, baseline?.newFindings(all) ?? all, {
    notRead,
    rulesOff: new Set(inputs.flatMap(({ rulesOff }) => rulesOff)),
  })
  if (dryRun) {
    const remaining = levelsInWords(countLevels(report.findings))
    io.warn(remaining === '' ? 'no findings would remain' : `${remaining} would remain`)
  } else {
    const texts = new LastText((file) =>
      inputs.map((input) => input.textOf(file)).find((text) => text !== undefined),
    )
    const context = {
      version: io.version,
      rulePages: RULE_PAGES,
      maxMarkdown: io.maxMarkdown,
      failOn: options.failOn,
      files: outcomes.flatMap(({ files }) => files).map(display),
      complete,
      textOf: (shown: string) => texts.of(shown === STDIN ? STDIN : absolutePath(io.cwd, shown)),
      fixesOf: (finding: ReportedFinding) =>
        finding.rendered ? [] : (found.get(finding)?.() ?? []),
    }
    const inFormat = (name: string, colours: boolean): string => {
      const format = CHECK_FORMATS[name]
      if (!format) throw new Error(`Unknown format ${name}.`)
      return format(report, { ...context, style: createStyle(colours) })
    }
    const text = inFormat(options.format, io.colours)
    if (options.format === 'github') io.outCommands(text)
    else io.out(text)
    for (const { format, file } of reportFiles) writeReportFile(io, file, inFormat(format, false))
  }
  if (!complete) return EXIT_FAILURE
  return report.findings.some(({ level }) => fails(level, options.failOn)) ? EXIT_FINDINGS : EXIT_OK
}
