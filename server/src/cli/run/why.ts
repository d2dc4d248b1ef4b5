import { explainLines, groupBy, type LogLine } from '@istio-ambient-policy/shared'
import { toJson } from '../format/json.js'
import { formatWhyText, type ExplainedLines } from '../format/whyText.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadWithFindings, type MeshWithFindings } from '../meshWithFindings.js'
import { failsStrictly } from '../notRead.js'
import { readLogs } from '../readLogs.js'
import { createStyle } from '../style.js'
import { reportLine, type ReportedLine } from '../whyReport.js'
import type { WhyOptions } from '../commands/why.js'

export async function why(io: CliIo, log: string, options: WhyOptions): Promise<number> {
  const { paths, format } = options
  if (log === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the log or the manifests, not both')
  const { lines, skipped } = await readLogs(io, log)
  const loaded = await loadWithFindings(io, paths, options)
  const explained = explainAll(lines, loaded)
  if (format === 'json') {
    const byLine = explained
      .flatMap(({ lines: numbers, explanation }) =>
        numbers.map((line) => ({ ...explanation, line })),
      )
      .sort((a, b) => a.line - b.line)
    io.out(byLine.map((each) => `${toJson(each)}\n`).join(''))
  } else
    io.out(
      formatWhyText(explained, skipped.length, {
        style: createStyle(io.colours),
        textOf: (file) => loaded.textOf(file),
      }),
    )
  return failsStrictly(io, options, loaded.notRead) || loaded.incomplete ? EXIT_FAILURE : EXIT_OK
}

function explainAll(
  lines: readonly LogLine[],
  { analysis, findings, placeOf }: MeshWithFindings,
): ExplainedLines[] {
  const explained = explainLines(analysis.mesh, lines).map(({ lines: numbers, explanation }) => ({
    numbers,
    explanation: reportLine(explanation, { analysis, findings, placeOf }),
  }))
  return groupByAnswer(explained)
}

/** Lines of different clients can have the same answer. */
function groupByAnswer(
  explained: readonly { readonly numbers: readonly number[]; readonly explanation: ReportedLine }[],
): ExplainedLines[] {
  const groups = groupBy(explained, ({ explanation }) =>
    JSON.stringify({ ...explanation, line: 0 }),
  )
  return [...groups.values()].flatMap((group) => {
    const lines = group.flatMap(({ numbers }) => numbers).sort((a, b) => a - b)
    const [first] = group
    return first ? [{ lines, explanation: first.explanation }] : []
  })
}
