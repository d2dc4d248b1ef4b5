import type { FormatName } from '../format/formatNames.js'
import { toJson } from '../format/json.js'
import { plainMarkdown } from '../format/markdown.js'
import { workflowCommand } from '../format/github.js'
import { xmlElement, xmlText } from '../format/xml.js'
import { partInWords, printable } from '@istio-ambient-policy/shared'
import { createStyle, type Style } from '../style.js'
import type { ReportedFailure, ReportedTest, ReportedTestFile, TestReport } from './testReport.js'
import { formatAnswerText } from '../format/answerText.js'
import { formatTestText, MOST_FAILURES, requestsOfRule, summaryInWords } from './testText.js'

type TestFormat = (report: TestReport, style: Style) => string

/** A comment on GitHub has at most 65 536 characters. */
const MAX_CHARACTERS = 60_000
const PLAIN = createStyle(false)

/** The formats of `test`; the first is the default. */
export const TEST_FORMATS: Readonly<Record<FormatName<'test'>, TestFormat>> = {
  text: formatTestText,
  json: (report) => `${toJson(report, 2)}\n`,
  junit: formatTestJunit,
  github: formatTestGithub,
  markdown: formatTestMarkdown,
}

/**
 * JUnit XML: a suite for each test file. A test file with a problem has a test with an error. The schema is that of
 * Jenkins (`test-fixtures/junit/junit-10.xsd`), whose plugin xUnit rejects other attributes.
 */
function formatTestJunit({ files, problems, summary }: TestReport): string {
  const suites = files.map(({ file, tests }) => {
    const cases = tests.map((test) => `    ${junitCase(file, test)}\n`).join('')
    return `  ${xmlElement('testsuite', { name: file, file, tests: tests.length, failures: countOf(tests, 'failed'), errors: 0, skipped: countOf(tests, 'skipped') }, `\n${cases}  `)}\n`
  })
  const invalid = problems.map(({ file, range, message }) => {
    const where = `${file}:${range.start.line + 1}:${range.start.character + 1}`
    const error = xmlElement('error', { type: 'invalid', message }, xmlText(`${where} ${message}`))
    const test = xmlElement('testcase', { classname: file, name: `valid ${where}` }, error)
    return `  ${xmlElement('testsuite', { name: file, file, tests: 1, failures: 0, errors: 1, skipped: 0 }, `\n    ${test}\n  `)}\n`
  })
  const root = xmlElement(
    'testsuites',
    {
      name: 'ambient-policy test',
      tests: summary.passed + summary.failed + summary.skipped + problems.length,
      failures: summary.failed,
      errors: problems.length,
    },
    `\n${[...suites, ...invalid].join('')}`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function countOf(tests: readonly ReportedTest[], status: string): number {
  return tests.filter((test) => test.status === status).length
}

function junitCase(file: string, test: ReportedTest): string {
  const { name, status, reason, failures } = test
  const content =
    status === 'failed'
      ? xmlElement(
          'failure',
          { type: test.kind, message: failures[0]?.message ?? '' },
          xmlText(shownFailures(failures).join('\n')),
        )
      : status === 'skipped'
        ? xmlElement('skipped', { message: reason ?? '' })
        : ''
  return xmlElement('testcase', { classname: file, name }, content)
}

/** Annotations for failed and skipped tests, and for problems of test files. */
function formatTestGithub({ files, problems }: TestReport): string {
  const annotations = [
    ...problems.map(({ file, range, message }) =>
      workflowCommand('error', { file, line: range.start.line + 1, title: 'policy test' }, message),
    ),
    ...files.flatMap(({ file, tests }) =>
      tests.flatMap(({ name, range, status, reason, failures }) => {
        const properties = { file, line: range.start.line + 1, title: name }
        if (status === 'passed') return []
        return [
          status === 'skipped'
            ? workflowCommand('notice', properties, `skipped: ${reason ?? ''}`)
            : workflowCommand('error', properties, shownFailures(failures).join('\n')),
        ]
      }),
    ),
  ]
  return annotations.map((line) => `${line}\n`).join('')
}

/** A comment on a pull request: the failures first. Tests for which there is no space are counted. */
function formatTestMarkdown(report: TestReport): string {
  const { files, problems, coverage = [], mutants = [] } = report
  const head = `<!-- ambient-policy test -->\n## Policy tests\n\n**${summaryInWords(report)}**\n`
  const items = [
    ...problems.map(
      ({ file, range, message }) =>
        `- **problem** ${plainMarkdown(`${file}:${range.start.line + 1}`)}: ${plainMarkdown(message)}\n`,
    ),
    ...files.flatMap((file) => markdownItems(file)),
    ...coverage.map(
      ({ mesh, percent }) => `- coverage of ${plainMarkdown(mesh.join(', '))}: ${percent} %\n`,
    ),
    ...mutants.flatMap(({ mutants: all }) =>
      all.flatMap((mutant) =>
        mutant.result === 'survivor'
          ? [`- survivor: ${plainMarkdown(partInWords(mutant.object, mutant.path))}\n`]
          : [],
      ),
    ),
  ]
  let space = MAX_CHARACTERS - head.length
  const shown = items.filter((item) => {
    space -= item.length
    return space > 0
  })
  const hidden = items.length - shown.length
  return `${head}${shown.length > 0 ? '\n' : ''}${shown.join('')}${hidden > 0 ? `\n${hidden} more are not shown.\n` : ''}`
}

function markdownItems({ file, tests }: ReportedTestFile): string[] {
  return tests.flatMap(({ name, range, status, reason, failures }) => {
    if (status === 'passed') return []
    const title = `**${status}** ${plainMarkdown(name)} (${plainMarkdown(`${file}:${range.start.line + 1}`)})`
    const details =
      status === 'skipped'
        ? [reason ?? '']
        : failures
            .slice(0, MOST_FAILURES)
            .flatMap((failure) => [failure.message, ...requestsOfRule(failure)])
    return [`- ${title}\n${details.map((line) => `  - ${plainMarkdown(line)}\n`).join('')}`]
  })
}

/** The failures of a test as text without colours. */
function shownFailures(failures: readonly ReportedFailure[]): string[] {
  return failures.slice(0, MOST_FAILURES).flatMap((failure) => {
    const { message, request, answer } = failure
    return [
      printable(message),
      ...requestsOfRule(failure).map(printable),
      ...(request && answer ? formatAnswerText(request, answer, PLAIN).trimEnd().split('\n') : []),
    ]
  })
}
