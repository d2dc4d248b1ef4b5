import { formatAnswerText } from '../format/answerText.js'
import { counted } from '../format/words.js'
import { partInWords, printable, requestsInWords } from '@istio-ambient-policy/shared'
import type { Style } from '../style.js'
import { evaluateCommand } from '../access/accessWords.js'
import {
  placeInWords,
  type ReportedCoverage,
  type ReportedFailure,
  type ReportedMutants,
  type ReportedTest,
  type ReportedTestFile,
  type TestReport,
} from './testReport.js'

/** More failures of one test are counted. */
export const MOST_FAILURES = 5

/** The results for people: each test, and for a failure the answer of each proxy. */
export function formatTestText(report: TestReport, style: Style): string {
  return [
    ...report.files.map((file) => fileText(file, style)),
    ...(report.coverage ?? []).map((coverage) => coverageText(coverage, style)),
    ...(report.mutants ?? []).map((mutants) => mutantsText(mutants, style)),
    `${summaryInWords(report)}\n`,
  ].join('')
}

/** `12 tests: 10 passed, 1 failed, 1 skipped`. */
export function summaryInWords({ summary, problems }: TestReport): string {
  const { passed, failed, skipped } = summary
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  const invalid =
    problems.length === 0 ? '' : `; ${counted(problems.length, 'problem')} in test files`
  return `${counted(passed + failed + skipped, 'test')}: ${parts.join(', ')}${invalid}`
}

function fileText({ file, mesh, tests }: ReportedTestFile, style: Style): string {
  const lines = tests.flatMap((test) => testLines(file, mesh, test, style))
  return `${style.bold(printable(file))}\n${lines.map((line) => `  ${line}\n`).join('')}\n`
}

function testLines(
  file: string,
  mesh: readonly string[],
  { name, range, status, reason, notes, failures }: ReportedTest,
  style: Style,
): string[] {
  const shown = printable(name)
  const noted = notes.map((note) => `  ${style.dim('note:')} ${printable(note)}`)
  if (status === 'passed') return [`${style.good('passed')}  ${shown}`, ...noted]
  if (status === 'skipped')
    return [
      `${style.level('warning', 'skipped')} ${shown}`,
      ...(reason === null ? [] : [`  ${printable(reason)}`]),
      ...noted,
    ]
  const more = failures.length - MOST_FAILURES
  return [
    `${style.bad('failed')}  ${shown} ${style.dim(printable(`(${file}:${range.start.line + 1})`))}`,
    ...failures
      .slice(0, MOST_FAILURES)
      .flatMap((failure) => failureLines(failure, mesh, style).map((line) => `  ${line}`)),
    ...(more > 0 ? [`  ${counted(more, 'more failure')} of this test`] : []),
    ...noted,
  ]
}

function failureLines(failure: ReportedFailure, mesh: readonly string[], style: Style): string[] {
  const { message, request, answer } = failure
  if (!request || !answer) return [printable(message)]
  return [
    printable(message),
    ...requestsOfRule(failure).map(printable),
    ...formatAnswerText(request, answer, style)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    `  ${style.dim(printable(evaluateCommand(request, mesh)))}`,
  ]
}

/** All requests of a failed rule; empty for a case. */
export function requestsOfRule({ clients, requests }: ReportedFailure): string[] {
  return clients.length === 0
    ? []
    : [`clients: ${clients.join(', ')}`, `requests: ${requestsInWords(requests)}`]
}

function coverageText({ mesh, percent, clauses }: ReportedCoverage, style: Style): string {
  const missing = clauses.filter(({ cases }) => cases.length === 0)
  const lines = missing.map(
    (clause) =>
      `  not covered: ${printable(`${partInWords(clause.object, clause.rule === null ? [] : clause.path)}${clause.rule === null ? ' without a matching rule' : ''}${placeInWords(clause)}`)}\n`,
  )
  return `${style.bold(printable(`coverage of ${mesh.join(', ')}: ${percent} %`))}, ${clauses.length - missing.length} of ${counted(clauses.length, 'clause')}\n${lines.join('')}\n`
}

function mutantsText({ mesh, mutants, notTried }: ReportedMutants, style: Style): string {
  const count = (result: string): number =>
    mutants.filter((mutant) => mutant.result === result).length
  const lines = mutants.flatMap((mutant) =>
    mutant.result === 'survivor' && mutant.change
      ? [
          `  survivor: ${printable(`${partInWords(mutant.object, mutant.path)}${placeInWords(mutant)}`)}`,
          `    ${style.dim(printable(`without it ${mutant.change.after}, now ${mutant.change.before}: ${evaluateCommand(mutant.change.request, mesh)}`))}`,
        ]
      : [],
  )
  return [
    `${style.bold(printable(`mutants of ${mesh.join(', ')}`))}: ${count('noticed')} noticed, ${counted(count('survivor'), 'survivor')}, ${count('no effect')} without effect${notTried > 0 ? `, ${notTried} not tried` : ''}`,
    ...lines,
    '',
    '',
  ].join('\n')
}
