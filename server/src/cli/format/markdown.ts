import { escapeMarkdown, LEVELS } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { counted, countLevels, detailsOf, levelsInWords, readInWords } from './words.js'

/** A comment on GitHub has 65 536 characters at most; room is left for a heading of one's own. */
const MAX_CHARACTERS = 60_000

/** A comment for a pull request: what was found by rule, then by file, folded. As many findings as a comment holds, the gravest first. */
export function formatMarkdown({ findings, summary }: CheckReport): string {
  const heading = '## Istio Ambient Policy\n\n'
  if (findings.length === 0) return `${heading}No findings: ${readInWords(summary)}.\n`
  const top = `${heading}${levelsInWords(summary)}: ${readInWords(summary)}.\n\n${ruleTable(findings)}`
  const shown = thatFit(findings, MAX_CHARACTERS - top.length)
  const left = findings.length - shown.length
  const files = [...new Set(shown.map(({ file }) => file))].sort()
  const blocks = files.map((file) =>
    fileBlock(
      file,
      shown.filter((finding) => finding.file === file),
    ),
  )
  return [
    top,
    ...blocks,
    ...(left > 0 ? [`${counted(left, 'more finding')} did not fit here.\n`] : []),
  ].join('\n')
}

function ruleTable(findings: readonly ReportedFinding[]): string {
  const rules = [...new Set(gravestFirst(findings).map(({ rule }) => rule))]
  const rows = rules.map(
    (rule) =>
      `| \`${rule}\` | ${levelsInWords(countLevels(findings.filter((finding) => finding.rule === rule)))} |\n`,
  )
  return `| rule | findings |\n|---|---|\n${rows.join('')}`
}

/** Findings are counted with the whole block of their file, so that the text never gets longer than the limit. */
function thatFit(findings: readonly ReportedFinding[], characters: number): ReportedFinding[] {
  const opened = new Set<string>()
  const shown: ReportedFinding[] = []
  let room = characters - counted(findings.length, 'more finding').length - 100
  for (const finding of gravestFirst(findings)) {
    const opening = opened.has(finding.file) ? 0 : fileBlock(finding.file, []).length + 100
    room -= opening + item(finding).length
    if (room < 0) break
    opened.add(finding.file)
    shown.push(finding)
  }
  return findings.filter((finding) => shown.includes(finding))
}

function gravestFirst(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return [...findings].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}

function fileBlock(file: string, findings: readonly ReportedFinding[]): string {
  return `<details><summary><code>${escapeHtml(file)}</code> — ${levelsInWords(countLevels(findings))}</summary>\n\n${findings.map(item).join('')}\n</details>\n`
}

function item(finding: ReportedFinding): string {
  const {
    rule,
    level,
    message,
    range: { start },
  } = finding
  const lines = [
    `- **${level}** \`${rule}\` in line ${start.line + 1}: ${plain(message)}`,
    ...detailsOf(finding).map((detail) => `  - ${plain(detail)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Text out of a file that neither becomes markup nor calls anybody or any issue by name. */
function plain(text: string): string {
  return escapeMarkdown(text).replace(/[@#](?=\w)/g, '$&<!-- -->')
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
