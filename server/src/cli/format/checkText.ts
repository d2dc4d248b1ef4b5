import type { Range } from '@istio-ambient-policy/shared'
import type { CheckReport, CheckSummary, ReportedFinding } from '../checkReport.js'
import { printable, type Style } from '../style.js'
import type { CheckFormatContext } from './checkFormat.js'
import { excerptOf, linesOf } from './excerpt.js'
import { counted, levelsInWords, readInWords } from './words.js'

/** The findings as text: one block for each, and a summary line. */
export function formatCheckText(
  report: CheckReport,
  options: Pick<CheckFormatContext, 'style' | 'textOf'>,
): string {
  const lines = new Map<string, readonly string[]>()
  const linesOfFile = (file: string): readonly string[] => {
    const known = lines.get(file) ?? linesOf(options.textOf(file) ?? '')
    lines.set(file, known)
    return known
  }
  const blocks = report.findings.map((finding) =>
    block(finding, linesOfFile(finding.file), options.style).join('\n'),
  )
  return `${[...blocks, summaryLine(report.summary, options.style)].join('\n\n')}\n`
}

function block(finding: ReportedFinding, lines: readonly string[], style: Style): string[] {
  const { level, rule, message, range } = finding
  const head = `${style.bold(position(finding.file, range))} ${style.level(level, level)} ${style.bold(rule)} ${printable(message)}`
  const excerpt = excerptOf(lines, range)
  const number = String(range.start.line + 1)
  const margin = ' '.repeat(number.length)
  const source = excerpt
    ? [
        `  ${style.dim(`${number} |`)} ${excerpt.source}`,
        `  ${style.dim(`${margin} |`)} ${style.level(level, excerpt.underline)}`,
      ]
    : []
  return [
    head,
    ...source,
    ...finding.related.map(
      (fact) =>
        `  ${style.dim('see:')} ${position(fact.file, fact.range)} ${printable(fact.message)}`,
    ),
    ...finding.assumptions.map(
      (assumption) => `  ${style.dim('assumption:')} ${printable(assumption)}`,
    ),
    ...finding.fixes.map(({ title }) => `  ${style.dim('fix:')} ${printable(title)}`),
  ]
}

function position(file: string, { start }: Range): string {
  return `${printable(file)}:${start.line + 1}:${start.character + 1}`
}

function summaryLine(summary: CheckSummary, style: Style): string {
  if (summary.objects === 0)
    return `Nothing to check: ${counted(summary.files, 'file')} without Kubernetes objects.`
  const found = levelsInWords(summary, style.level)
  return found === ''
    ? style.good(`No findings: ${readInWords(summary)}.`)
    : `${found}: ${readInWords(summary)}.`
}
