import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import { readBaseline, writeBaseline } from '../baseline.js'
import { byPosition, checkReport, reportPlain, type ReportedFinding } from '../checkReport.js'
import { evaluateInput, loadedInput, type EvaluatedInput } from '../evaluateInput.js'
import { fails } from '../failOn.js'
import { fixFiles } from '../fixFiles.js'
import { checkFormat, usesFixes } from '../format/checkFormats.js'
import type { RenderedFix } from '../format/checkFormat.js'
import { countLevels, levelsInWords } from '../format/words.js'
import { separateInputs } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadMeshes, type LoadedMeshes } from '../loadMesh.js'
import { absolutePath, displayPath, STDIN } from '../paths.js'
import { failsStrictly } from '../notRead.js'
import { readReportFiles, writeReportFile } from '../reportFiles.js'
import { LastText } from '../renderFixes.js'
import { RULE_PAGES } from '../../rulePageAddress.js'
import { createStyle } from '../style.js'
import type { CheckOptions } from '../commands/check.js'

export async function check(
  io: CliIo,
  paths: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const dryRun = options.fixDryRun === true
  const fix = options.fix === true || dryRun
  if (fix && paths.includes('-'))
    throw new CommandFailure('standard input cannot be fixed: use files and folders')
  if (dryRun && options.format !== 'text')
    throw new CommandFailure('--fix-dry-run prints only a diff: remove --format')
  const reportFiles = readReportFiles(options.output, FORMAT_NAMES.check)
  const baseline = options.baseline === undefined ? undefined : readBaseline(io, options.baseline)
  const isWanted = (finding: ReportedFinding): boolean => !baseline?.isKnown(finding)
  const evaluated: EvaluatedInput[] = []
  const loaded: LoadedMeshes[] = []
  const separate = separateInputs(io, paths, options)
  if (!fix && options.cache !== false && separate.every(({ settings }) => settings.cache))
    io.keepRun?.()
  for (const input of separate)
    if (fix)
      loaded.push(
        await loadMeshes(io, input, { world: 'open', remember: true, showsFindings: true }),
      )
    else
      evaluated.push(
        await evaluateInput(io, input, {
          useCache: options.cache !== false,
          needsFixes: [options.format, ...reportFiles.map(({ format }) => format)].some(usesFixes),
        }),
      )
  const written = loaded.map((each) => fixFiles(io, each, { dryRun, isWanted })).every(Boolean)
  const inputs = evaluated
  for (const each of loaded) inputs.push(await loadedInput(io, each))
  const display = (file: string): string => displayPath(io.cwd, file)
  const unread = inputs.flatMap((input) => input.notRead)
  const isRefused = failsStrictly(io, options, unread)
  const notRead = unread.map((part) => ({ ...part, file: display(part.file) }))
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
      strict: options.strict === true,
      textOf: (shown: string) => texts.of(shown === STDIN ? STDIN : absolutePath(io.cwd, shown)),
      fixesOf: (finding: ReportedFinding) =>
        finding.rendered ? [] : (found.get(finding)?.() ?? []),
    }
    const inFormat = async (name: FormatName<'check'>, colours: boolean): Promise<string> => {
      const format = await checkFormat(name)
      return format(report, { ...context, style: createStyle(colours) })
    }
    const text = await inFormat(options.format, io.colours)
    if (options.format === 'github') io.outCommands(text)
    else io.out(text)
    for (const { format, file } of reportFiles)
      writeReportFile(io, file, await inFormat(format, false))
  }
  if (!complete) return EXIT_FAILURE
  return report.findings.some(({ level }) => fails(level, options.failOn)) ? EXIT_FINDINGS : EXIT_OK
}
