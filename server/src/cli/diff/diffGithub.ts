import { requestsInWords, targetInWords } from '@istio-ambient-policy/shared'
import { workflowCommand } from '../format/github.js'
import type { DiffReport, ReportedChange } from './diffReport.js'
import { reasonInText } from '../access/accessWords.js'

/** A gain is a warning: whether it is wanted, only the reviewer knows. */
const LEVELS = { gained: 'warning', lost: 'notice', undecided: 'notice' } as const

/** Annotations at the policies that decide, in the files after the change where they have some. */
export function formatDiffGithub({ changes, notComparable }: DiffReport): string {
  const commands = [
    ...changes.map(annotation),
    ...notComparable.map(({ what, reason }) =>
      workflowCommand('notice', { title: 'access not compared' }, `${what}: ${reason}`),
    ),
  ]
  return commands.map((line) => `${line}\n`).join('')
}

function annotation(change: ReportedChange): string {
  const { file, range } =
    change.because.after.file === null ? change.because.before : change.because.after
  const place = file === null || range === null ? {} : { file, line: range.start.line + 1 }
  return workflowCommand(
    LEVELS[change.kind],
    { ...place, title: `access ${change.kind}` },
    changeInWords(change),
  )
}

/** One change as plain text: the first line says what is different. */
export function changeInWords(change: ReportedChange): string {
  const { target, clients, requests, before, after, because } = change
  return [
    `${targetInWords(target)}: ${clients.join(', ')}: ${requestsInWords(requests)}`,
    `before: ${reasonInText(before, because.before)}`,
    `after: ${reasonInText(after, because.after)}`,
  ].join('\n')
}
