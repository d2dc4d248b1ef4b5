import { printable } from '@istio-ambient-policy/shared'
import type { CheckReport, CheckSummary, ReportedFinding } from '../checkReport.js'
import type { Style } from '../style.js'
import type { CheckFormatContext } from './checkFormat.js'
import { excerptOf, linesOf } from './excerpt.js'
import { counted, hiddenInWords, levelsInWords, positionInWords, readInWords } from './words.js'

/** The findings as text: one block for each, and a summary line. */
export function formatCheckText(
  report: CheckReport,
  options: Pick<CheckFormatContext, 'strict' | 'style' | 'textOf'>,
): string {
  const lines = new Map<string, readonly string[]>()
  const linesOfFile = (file: string): readonly string[] => {
    const known = lines.get(file) ?? linesOf(options.textOf(file) ?? '')
    lines.set(file, known)
    return known
  }
  const blocks = report.findings.map((finding) =>
    block(
      finding,
      linesOfFile(finding.rendered?.lineKnown === false ? finding.rendered.file : finding.file),
      options.style,
    ).join('\n'),
  )
  return `${[...blocks, summaryLine(report.summary, options)].join('\n\n')}\n`
}

function block(finding: ReportedFinding, lines: readonly string[], style: Style): string[] {
  const { level, rule, message, range, rendered } = finding
  const head = `${style.bold(printable(positionInWords(finding)))} ${style.level(level, level)} ${style.bold(rule)} ${printable(message)}`
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
    ...(rendered
      ? [
          `  ${style.dim('rendered:')} ${printable(rendered.file)}:${rendered.range.start.line + 1}${rendered.lineKnown ? '' : ' (the line of the template is not known)'}`,
        ]
      : []),
    ...finding.related.map(
      (fact) =>
        `  ${style.dim('see:')} ${printable(positionInWords(fact))} ${printable(fact.message)}`,
    ),
    ...finding.assumptions.map(
      (assumption) => `  ${style.dim('assumption:')} ${printable(assumption)}`,
    ),
    ...finding.fixes.map(({ title }) => `  ${style.dim('fix:')} ${printable(title)}`),
  ]
}

const HINT = ' (--strict shows why)'

function summaryLine(
  summary: CheckSummary,
  { strict, style }: Pick<CheckFormatContext, 'strict' | 'style'>,
): string {
  const hint = strict ? '' : HINT
  if (summary.objects === 0)
    return `Nothing to check: ${summary.files === 0 ? 'no files' : `${counted(summary.files, 'file')} without Kubernetes objects`}${hiddenInWords(summary, hint)}.`
  const found = levelsInWords(summary, style.level)
  return found === ''
    ? (summary.notRead > 0 ? style.bold : style.good)(`No findings: ${readInWords(summary, hint)}.`)
    : `${found}: ${readInWords(summary, hint)}.`
}
