import type { ChangeKind } from '@istio-ambient-policy/shared'
import { printable, type Style } from '../style.js'
import {
  targetInWords,
  type DiffReport,
  type ReportedChange,
  type ReportedMove,
} from './diffReport.js'
import {
  changesInSummary,
  destinationsInSummary,
  evaluateCommand,
  reasonInText,
  requestsInWords,
} from './diffWords.js'
import type { DiffContext } from './diffFormats.js'

/** The changes for people: who, which requests, the deciding policies, and a command that shows the example. */
export function formatDiffText(report: DiffReport, context: DiffContext): string {
  const { style } = context
  const blocks = [
    ...report.changes.map((change) => changeBlock(change, context)),
    ...(report.moved ?? []).map((move) => block(style.dim('moved'), move, context)),
    ...targetLines('added', report.destinations.added),
    ...targetLines('removed', report.destinations.removed),
    ...report.renamed.map(
      ({ before, after, workloads }) =>
        `${style.bold('renamed')} service account ${printable(before)} is now ${printable(after)} (${printable(workloads.join(', '))})\n`,
    ),
    ...report.notComparable.map(
      ({ what, reason }) =>
        `${style.level('warning', 'not compared')} ${printable(what)}: ${printable(reason)}\n`,
    ),
    ...report.assumptions.map(
      (assumption) => `${style.dim('assumption:')} ${printable(assumption)}\n`,
    ),
  ]
  return [...blocks, `${changesInSummary(report)}; ${destinationsInSummary(report)}\n`].join('')
}

function changeBlock(change: ReportedChange, context: DiffContext): string {
  return block(kindInWords(change.kind, context.style), change, context)
}

function block(title: string, move: ReportedMove, { style, paths }: DiffContext): string {
  const { mesh, target, clients, requests, witness, because } = move
  const where = mesh === undefined ? '' : ` in ${mesh}`
  return [
    `${title} ${style.bold(printable(targetInWords(target) + where))}`,
    `  clients:  ${printable(clients.join(', '))}`,
    `  requests: ${printable(requestsInWords(requests))}`,
    `  before:   ${printable(reasonInText(because.before))}`,
    `  after:    ${printable(reasonInText(because.after))}`,
    `  example:  ${printable(evaluateCommand(witness, paths))}`,
    '',
    '',
  ].join('\n')
}

function kindInWords(kind: ChangeKind, style: Style): string {
  return {
    gained: style.bad('gained'),
    lost: style.good('lost'),
    undecided: style.level('warning', 'undecided'),
  }[kind]
}

function targetLines(word: string, targets: DiffReport['destinations']['added']): string[] {
  return targets.map((target) => `${word} ${printable(targetInWords(target))}\n`)
}
