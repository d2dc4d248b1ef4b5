import {
  causeInWords,
  changesInWords,
  loggedVerdictInWords,
  printable,
  proxyInWords,
  type Range,
} from '@istio-ambient-policy/shared'
import type { Style } from '../style.js'
import type { ReportedLine, ObjectPlace } from '../whyReport.js'
import { excerptOf, linesOf } from './excerpt.js'
import { counted } from './words.js'

/** The same explanation, for the lines with these numbers. */
export interface ExplainedLines {
  readonly lines: readonly number[]
  readonly explanation: ReportedLine
}

interface TextOptions {
  readonly style: Style
  readonly textOf: (file: string) => string | undefined
}

/** Explanations of log lines as text: the verdict, what decided, its YAML, and whether the files agree. */
export function formatWhyText(
  explained: readonly ExplainedLines[],
  skipped: number,
  options: TextOptions,
): string {
  const blocks = explained.map((each) => block(each, explained.length > 1, options).join('\n'))
  const rest = skipped === 0 ? [] : [`${counted(skipped, 'line')} without a decision of a proxy.`]
  return `${[...blocks, ...rest].join('\n\n')}\n`
}

function block(
  { lines, explanation }: ExplainedLines,
  isNumbered: boolean,
  options: TextOptions,
): string[] {
  const { style } = options
  const number = isNumbered ? `${style.dim(`${linesInWords(lines)}:`)} ` : ''
  const { differences, nearestMiss, agreement } = explanation
  return [
    `${number}${style.bold(printable(proxyInWords(explanation)))}: ${verdict(explanation, style)}`,
    ...cause(explanation, options),
    ...(agreement === 'agrees' ? [`  ${style.good('The files agree with the log.')}`] : []),
    ...(agreement === 'differs'
      ? [
          `  ${style.bad('The files do not agree with the log:')}`,
          ...differences.map((each) => `    - ${printable(each)}`),
          '    Compare the files with the cluster: they can be older or newer.',
        ]
      : []),
    ...(agreement === 'unknown'
      ? differences.map((each) => `  Not known: ${printable(each)}.`)
      : []),
    ...(nearestMiss
      ? [`  It would be allowed with ${printable(changesInWords(nearestMiss.changes))}.`]
      : []),
    ...explanation.findings.flatMap(({ rule, level, message, file, range, fixes }) => [
      `  ${style.level(level, level)} ${style.bold(rule)} ${position(file, range)} ${printable(message)}`,
      ...fixes.map(({ title }) => `    ${style.dim('fix:')} ${printable(title)}`),
    ]),
  ]
}

function verdict(explanation: ReportedLine, style: Style): string {
  const words = loggedVerdictInWords(explanation)
  if (explanation.dryRun) return words
  return {
    allow: style.good,
    deny: style.bad,
    failed: (text: string) => style.level('warning', text),
  }[explanation.verdict](words)
}

function cause(explanation: ReportedLine, options: TextOptions): string[] {
  const { object, file, range, unmatched } = explanation
  const place = object && file !== null && range ? [{ object, file, range }] : []
  const places = unmatched.length > 0 ? unmatched : place
  return [
    `  ${printable(causeInWords(explanation))}${unmatched.length > 0 ? ':' : ''}`,
    ...places.flatMap((each) => placeLines(each, options)),
  ]
}

function placeLines(
  { object, file, range, rendered }: ObjectPlace,
  { style, textOf }: TextOptions,
): string[] {
  const name = `${object.kind} ${object.namespace}/${object.name}`
  const head = `    ${style.bold(position(file, range))} ${printable(name)}`
  // The range can be one in the rendered text, where the line of the template is not known.
  const shown = rendered?.lineKnown === false ? rendered : { file, range }
  const excerpt = excerptOf(linesOf(textOf(shown.file) ?? ''), shown.range)
  const number = String(shown.range.start.line + 1)
  return excerpt
    ? [
        head,
        `      ${style.dim(`${number} |`)} ${excerpt.source}`,
        `      ${style.dim(`${' '.repeat(number.length)} |`)} ${style.bold(excerpt.underline)}`,
      ]
    : [head]
}

function linesInWords(lines: readonly number[]): string {
  const [first, second] = lines
  if (second === undefined) return `line ${first ?? 0}`
  return `line ${first ?? 0} and ${lines.length - 1} more`
}

function position(file: string, { start }: Range): string {
  return `${printable(file)}:${start.line + 1}:${start.character + 1}`
}
