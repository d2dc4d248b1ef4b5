import {
  escapeMarkdown,
  LEVELS,
  PRODUCT_NAME,
  printable,
  RULE_CATALOGUE,
} from '@istio-ambient-policy/shared'
import { rulePageAddress } from '../../rulePageAddress.js'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import type { CheckFormatContext } from './checkFormat.js'
import {
  counted,
  countLevels,
  detailsOf,
  isLineKnown,
  levelsInWords,
  readInWords,
} from './words.js'

/** A comment on GitHub has at most 65 536 characters. The rest is free for other text in the comment. */
export const MAX_CHARACTERS = 60_000

/**
 * A comment on a pull request: a table of rules, and the findings of each file, folded. If there is not enough
 * space, the most severe findings are shown.
 */
export function formatMarkdown(
  { findings, summary }: CheckReport,
  {
    rulePages,
    maxMarkdown = MAX_CHARACTERS,
  }: Pick<CheckFormatContext, 'rulePages' | 'maxMarkdown'>,
): string {
  const heading = `## ${PRODUCT_NAME}\n\n`
  if (findings.length === 0) return `${heading}No findings: ${readInWords(summary)}.\n`
  const top = `${heading}${levelsInWords(summary)}: ${readInWords(summary)}.\n\n${ruleTable(findings, rulePages)}`
  const shown = mostSevereWithin(maxMarkdown - top.length, findings)
  const hidden = findings.length - shown.length
  const files = [...new Set(shown.map(({ file }) => file))].sort()
  const blocks = files.map((file) =>
    fileBlock(
      file,
      shown.filter((finding) => finding.file === file),
    ),
  )
  return [top, ...blocks, ...(hidden > 0 ? [hiddenNote(hidden)] : [])].join('\n')
}

function ruleTable(findings: readonly ReportedFinding[], rulePages: string | undefined): string {
  const rules = [...new Set(mostSevereFirst(findings).map(({ rule }) => rule))]
  const rows = rules.map(
    (rule) =>
      `| ${ruleName(rule, rulePages)} | ${levelsInWords(countLevels(findings.filter((finding) => finding.rule === rule)))} |\n`,
  )
  return `| rule | findings |\n|---|---|\n${rows.join('')}`
}

/** The name of a rule, as a link to its page. `internal-error` is no rule with a page. */
function ruleName(rule: string, rulePages: string | undefined): string {
  const hasPage = rulePages !== undefined && RULE_CATALOGUE.some(({ name }) => name === rule)
  return hasPage ? `[\`${rule}\`](${rulePageAddress(rulePages, rule)})` : `\`${rule}\``
}

function hiddenNote(count: number): string {
  return `${counted(count, 'more finding')} ${count === 1 ? 'is' : 'are'} not shown.\n`
}

/** The first finding of a file also needs the space for the block of the file, so the text is never too long. */
function mostSevereWithin(
  characters: number,
  findings: readonly ReportedFinding[],
): ReportedFinding[] {
  const files = new Set<string>()
  const shown: ReportedFinding[] = []
  let space = characters - hiddenNote(findings.length).length - 100
  for (const finding of mostSevereFirst(findings)) {
    const newBlock = files.has(finding.file) ? 0 : fileBlock(finding.file, []).length + 100
    space -= newBlock + item(finding).length
    if (space < 0) break
    files.add(finding.file)
    shown.push(finding)
  }
  return findings.filter((finding) => shown.includes(finding))
}

function mostSevereFirst(findings: readonly ReportedFinding[]): ReportedFinding[] {
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
    `- **${level}** \`${rule}\` in line ${start.line + 1}${isLineKnown(finding) ? '' : ' of the rendered text'}: ${plainMarkdown(message)}`,
    ...detailsOf(finding).map((detail) => `  - ${plainMarkdown(detail)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Escapes text of a file: it does not become markup, a mention of a user or a link to an issue. */
export function plainMarkdown(text: string): string {
  return escapeMarkdown(text).replace(/[@#](?=\w)/g, '$&<!-- -->')
}

export function escapeHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
