import { addToGroup } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { fails } from '../failOn.js'
import type { CheckFormatContext } from './checkFormat.js'
import type { NotRead } from '../notRead.js'
import { detailsOf, isLineKnown, positionInWords } from './words.js'
import { xmlElement, xmlText } from './xml.js'

/**
 * JUnit XML: a suite for each file and a test case for each finding. A file without findings has one test that passes.
 * A file that is not read in full has one more test, which is skipped.
 * A finding below the level of `--fail-on` is a test that passes, with the finding as its output. The schema is that of
 * Jenkins (`test-fixtures/junit/junit-10.xsd`), whose plugin xUnit rejects other attributes.
 */
export function formatJunit(
  { findings, notRead }: CheckReport,
  { files, failOn }: CheckFormatContext,
): string {
  const byFile = new Map<string, ReportedFinding[]>([...files].sort().map((file) => [file, []]))
  // The findings of rendered text are at their templates.
  for (const { rendered } of findings) if (rendered) byFile.delete(rendered.file)
  for (const finding of findings) addToGroup(byFile, finding.file, finding)
  const notReadByFile = new Map<string, NotRead[]>()
  for (const part of notRead) {
    addToGroup(notReadByFile, part.file, part)
    if (!byFile.has(part.file)) byFile.set(part.file, [])
  }
  const isFailure = ({ level }: ReportedFinding): boolean => fails(level, failOn)
  let tests = 0
  const suites = [...byFile].map(([file, found]) => {
    const skipped = notReadByFile.get(file) ?? []
    const cases = [
      ...found.map((finding) => findingCase(finding, isFailure(finding))),
      ...(skipped.length > 0 ? [skippedCase(file, skipped)] : []),
    ]
    if (cases.length === 0) cases.push(testCase(file, 'no findings'))
    tests += cases.length
    return `  ${xmlElement('testsuite', { name: file, file, tests: cases.length, failures: found.filter(isFailure).length, errors: 0, skipped: skipped.length > 0 ? 1 : 0 }, `\n${cases.map((line) => `    ${line}\n`).join('')}  `)}\n`
  })
  const root = xmlElement(
    'testsuites',
    {
      name: 'ambient-policy',
      tests,
      failures: findings.filter(isFailure).length,
      errors: 0,
    },
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
    [`${positionInWords(finding)} ${level} ${message}`, ...detailsOf(finding)].join('\n'),
  )
  return testCase(
    file,
    `${rule} ${isLineKnown(finding) ? '' : 'rendered '}${position}`,
    isFailure
      ? xmlElement('failure', { type: rule, message }, text)
      : xmlElement('system-out', {}, text),
  )
}

function skippedCase(file: string, parts: readonly NotRead[]): string {
  const message = parts
    .map(({ line, message: text }) => `${line === null ? '' : `line ${line + 1} `}${text}`)
    .join('; ')
  return testCase(file, 'not read in full', xmlElement('skipped', { message }))
}

function testCase(file: string, name: string, content = ''): string {
  return xmlElement('testcase', { classname: file, name }, content)
}
