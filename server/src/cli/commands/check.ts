import {
  sourceLookupOf,
  lineStartsOf,
  rangeOf,
  renderEdits,
  type LineStarts,
  type Range,
  type Span,
} from '@istio-ambient-policy/shared'
import { readBaseline, writeBaseline } from '../baseline.js'
import { checkReport, findingsOf, type FoundIn, type ReportedFinding } from '../checkReport.js'
import { fails, type FailOn } from '../failOn.js'
import { fixFiles } from '../fixFiles.js'
import type { RenderedFix } from '../format/checkFormat.js'
import { CHECK_FORMATS } from '../format/checkFormats.js'
import { countLevels, levelsInWords } from '../format/words.js'
import { separateInputs } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadMeshes, type LoadedMeshes } from '../loadMesh.js'
import { absolutePath, displayPath, STDIN } from '../paths.js'
import { createStyle } from '../style.js'

export interface CheckOptions {
  readonly format: string
  readonly failOn: FailOn
  readonly fix?: boolean
  readonly fixDryRun?: boolean
  readonly baseline?: string
  readonly writeBaseline?: string
}

/** Reports the findings of the meshes below some paths. */
export async function check(
  io: CliIo,
  paths: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const dryRun = options.fixDryRun === true
  const fix = options.fix === true || dryRun
  if (fix && paths.includes('-'))
    throw new CommandFailure('standard input cannot be fixed: name files and folders')
  if (dryRun && options.format !== 'text')
    throw new CommandFailure('--fix-dry-run prints the differences alone: leave out --format')
  const baseline = options.baseline === undefined ? undefined : readBaseline(io, options.baseline)
  const inputs: LoadedMeshes[] = []
  for (const input of separateInputs(io, paths))
    inputs.push(await loadMeshes(io, input, { world: 'open', remember: fix }))
  const isWanted = (finding: ReportedFinding): boolean => !baseline?.isKnown(finding)
  const written =
    !fix || inputs.map((loaded) => fixFiles(io, loaded, { dryRun, isWanted })).every(Boolean)
  const complete = written && !inputs.some(({ incomplete }) => incomplete)

  const meshes = inputs.flatMap((loaded) => loaded.meshes.analyses())
  const found = findingsOf(meshes, (file) => displayPath(io.cwd, file))
  const all = found.map(({ reported }) => reported)
  if (options.writeBaseline !== undefined) {
    writeBaseline(io, options.writeBaseline, all)
    return complete ? EXIT_OK : EXIT_FAILURE
  }
  const report = checkReport(meshes, baseline?.leaveOutKnown(all) ?? all)
  if (dryRun) {
    const left = levelsInWords(countLevels(report.findings))
    io.complain(left === '' ? 'nothing would be left' : `${left} would be left`)
  } else {
    const format = CHECK_FORMATS[options.format]
    if (!format) throw new Error(`There is no format ${options.format}.`)
    const files = inputs
      .flatMap((loaded) => loaded.meshes.files())
      .map((file) => displayPath(io.cwd, file))
    io.out(
      format(report, {
        version: io.version,
        style: createStyle(io.colours),
        failOn: options.failOn,
        files,
        complete,
        ...textsOf(io, inputs, found),
      }),
    )
  }
  if (!complete) return EXIT_FAILURE
  return report.findings.some(({ level }) => fails(level, options.failOn)) ? EXIT_FINDINGS : EXIT_OK
}

/** What formats may ask of the files, by the names of the report. */
function textsOf(io: CliIo, inputs: readonly LoadedMeshes[], found: readonly FoundIn[]) {
  // Findings come file by file: the last text is asked for again and again.
  let last:
    | {
        readonly file: string
        readonly text: string | undefined
        lineStarts: LineStarts | undefined
      }
    | undefined
  const read = (file: string) => {
    if (last?.file !== file)
      last = {
        file,
        text: inputs.map((loaded) => loaded.textOf(file)).find((text) => text !== undefined),
        lineStarts: undefined,
      }
    return last
  }
  const rangeIn = (file: string, span: Span): Range => {
    const reading = read(file)
    reading.lineStarts ??= lineStartsOf(reading.text ?? '')
    return rangeOf(reading.lineStarts, span)
  }
  const sources = new Map(found.map((source) => [source.reported, source]))
  const hosts = new Map(
    [...new Set(found.map(({ analysis }) => analysis))].map((analysis) => [
      analysis,
      sourceLookupOf(analysis, (file) => read(file).text),
    ]),
  )
  return {
    textOf: (shown: string): string | undefined =>
      read(shown === STDIN ? STDIN : absolutePath(io.cwd, shown)).text,
    fixesOf: (finding: ReportedFinding): RenderedFix[] => {
      const source = sources.get(finding)
      const host = source && hosts.get(source.analysis)
      return !host
        ? []
        : source.finding.fixes.flatMap(({ title, edits }) => {
            const changes = renderEdits(edits, host) ?? []
            const files = changes.map((change) => ({
              file: displayPath(io.cwd, change.file),
              edits: change.edits.map(({ span, newText }) => ({
                range: rangeIn(change.file, span),
                newText,
              })),
            }))
            return files.length > 0 ? [{ title, files }] : []
          })
    },
  }
}
