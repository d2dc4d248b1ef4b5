import {
  lineStartsOf,
  rangeOf,
  renderEdits,
  sourceLookupOf,
  type LineStarts,
  type Range,
  type Span,
} from '@istio-ambient-policy/shared'
import type { FoundIn, ReportedFinding } from './checkReport.js'
import type { CheckFormatContext, RenderedFix } from './format/checkFormat.js'
import type { CliIo } from './io.js'
import type { LoadedMeshes } from './loadMesh.js'
import { absolutePath, displayPath, STDIN } from './paths.js'

/** The texts of the files and the fixes for the output formats, by the file names of the report. */
export function reportTexts(
  io: CliIo,
  inputs: readonly LoadedMeshes[],
  found: readonly FoundIn[],
): Pick<CheckFormatContext, 'textOf' | 'fixesOf'> {
  // The findings are sorted by file, so the text of the current file is read once.
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
      return !host || finding.rendered
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
