import {
  requestsInWords,
  targetInWords,
  CHANGE_KINDS,
  type ChangeKind,
} from '@istio-ambient-policy/shared'
import { escapeHtml, MAX_CHARACTERS, plainMarkdown } from '../format/markdown.js'
import { counted } from '../format/words.js'
import type { DiffReport, ReportedChange } from './diffReport.js'
import {
  evaluateCommand,
  reasonInText,
  sameAnswers,
  targetsInWords,
} from '../access/accessWords.js'
import {
  changesInSummary,
  destinationsInSummary,
  notComparedInWords,
  shortList,
} from './diffWords.js'
import type { DiffContext } from './diffFormats.js'

/** A workflow finds its earlier comment by this line. */
const MARKER = '<!-- ambient-policy diff -->'
const MAX_LINE = 300

const HEADINGS: Readonly<Record<ChangeKind, string>> = {
  gained: 'Allowed now, denied before',
  lost: 'Denied now, allowed before',
  undecided: 'Not decided by these files',
}

/** A comment on a pull request: what is allowed now comes first. Changes for which there is no space are counted. */
export function formatDiffMarkdown(report: DiffReport, context: DiffContext): string {
  const head = `${MARKER}\n## Access\n\n**${changesInSummary(report)}**; ${destinationsInSummary(report)}.\n`
  const notes = noteLines(report).join('')
  const room = (context.maxMarkdown ?? MAX_CHARACTERS) - head.length - 500
  let space = room - notes.length
  let hidden = 0
  const sections = CHANGE_KINDS.map((kind) => {
    const changes = report.changes.filter((change) => change.kind === kind)
    const items = sameAnswers(changes).flatMap((same) => {
      const text = item(same, context)
      space -= text.length + 100
      if (space < 0) hidden += same.length
      return space < 0 ? [] : [text]
    })
    return items.length === 0 ? '' : `\n### ${HEADINGS[kind]}\n\n${items.join('')}`
  })
  const rest =
    hidden === 0
      ? ''
      : `\n${counted(hidden, 'more change')} ${hidden === 1 ? 'is' : 'are'} not shown.\n`
  return head + sections.join('') + rest + notes
}

function item(
  changes: readonly [ReportedChange, ...ReportedChange[]],
  { paths }: DiffContext,
): string {
  const { clients, requests, witness, before, after, because } = changes[0]
  return `${[
    `- **${plainMarkdown(targetsInWords(changes))}**: ${plainMarkdown(clients.join(', '))}`,
    `  - requests: ${plainMarkdown(requestsInWords(requests))}`,
    `  - before: ${plainMarkdown(reasonInText(before, because.before))}`,
    `  - after: ${plainMarkdown(reasonInText(after, because.after))}`,
    `  - <details><summary>example</summary><pre>${escapeHtml(evaluateCommand(witness, paths))}</pre></details>`,
  ].join('\n')}\n`
}

function noteLines(report: DiffReport): string[] {
  const { destinations, renamed, assumptions } = report
  const lines = [
    ...shortList(destinations.added.map((target) => `added: ${targetInWords(target)}`)),
    ...shortList(destinations.removed.map((target) => `removed: ${targetInWords(target)}`)),
    ...shortList(
      renamed.map(
        ({ before, after, workloads }) =>
          `renamed: the service account ${before} of ${workloads.join(', ')} is now ${after}`,
      ),
    ),
    ...notComparedInWords(report).map((words) => `not compared: ${words}`),
    ...shortList(assumptions.map((assumption) => `assumption: ${assumption}`)),
  ]
  return lines.length === 0
    ? []
    : ['\n### Notes\n\n', ...lines.map((line) => `- ${plainMarkdown(shortened(line))}\n`)]
}

/** A long name in the files does not use up the comment. */
function shortened(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}…`
}
