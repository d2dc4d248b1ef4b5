import { addToGroup } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { fails } from '../failOn.js'
import type { CheckFormatContext } from './checkFormat.js'
import { detailsOf } from './words.js'
import { xmlElement, xmlText } from './xml.js'

/**
 * JUnit XML: a suite for each file and a test case for each finding. A file without findings has one test that passes.
 * A finding below the level of `--fail-on` is a test that passes, with the finding as its output.
 */
export function formatJunit(
  { findings }: CheckReport,
  { files, failOn }: CheckFormatContext,
): string {
  const byFile = new Map<string, ReportedFinding[]>([...files].sort().map((file) => [file, []]))
  for (const finding of findings) addToGroup(byFile, finding.file, finding)
  const isFailure = ({ level }: ReportedFinding): boolean => fails(level, failOn)
  const suites = [...byFile].map(([file, found]) => {
    const cases =
      found.length === 0
        ? [testCase(file, 'no findings')]
        : found.map((finding) => findingCase(finding, isFailure(finding)))
    return `  ${xmlElement('testsuite', { name: file, tests: cases.length, failures: found.filter(isFailure).length, errors: 0 }, `\n${cases.map((line) => `    ${line}\n`).join('')}  `)}\n`
  })
  const tests = [...byFile.values()].reduce((sum, found) => sum + Math.max(1, found.length), 0)
  const root = xmlElement(
    'testsuites',
    { name: 'ambient-policy', tests, failures: findings.filter(isFailure).length, errors: 0 },
    `\n${suites.join('')}`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function findingCase(finding: ReportedFinding, isFailure: boolean): string {
  const {
    rule,
    level,
    message,
    file,
    range: { start },
  } = finding
  const position = `${start.line + 1}:${start.character + 1}`
  const text = xmlText(
    [`${file}:${position} ${level} ${message}`, ...detailsOf(finding)].join('\n'),
  )
  return testCase(
    file,
    `${rule} ${position}`,
    isFailure
      ? xmlElement('failure', { type: rule, message }, text)
      : xmlElement('system-out', {}, text),
  )
}

function testCase(file: string, name: string, content = ''): string {
  return xmlElement('testcase', { classname: file, name, file }, content)
}
