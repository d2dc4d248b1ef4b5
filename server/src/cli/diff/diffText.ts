import {
  printable,
  requestsInWords,
  targetInWords,
  type ChangeKind,
} from '@istio-ambient-policy/shared'
import type { Style } from '../style.js'
import type { DiffReport, ReportedMove } from './diffReport.js'
import {
  evaluateCommand,
  reasonInText,
  sameAnswers,
  targetsInWords,
} from '../access/accessWords.js'
import { changesInSummary, destinationsInSummary, notComparedInWords } from './diffWords.js'
import type { DiffContext } from './diffFormats.js'

/** The changes for people: who, which requests, the deciding policies, and a command that shows the example. */
export function formatDiffText(report: DiffReport, context: DiffContext): string {
  const { style } = context
  const blocks = [
    ...sameAnswers(report.changes).map((changes) =>
      block(kindInWords(changes[0].kind, style), changes, context),
    ),
    ...sameAnswers(report.moved ?? []).map((moves) => block(style.dim('moved'), moves, context)),
    ...targetLines('added', report.destinations.added),
    ...targetLines('removed', report.destinations.removed),
    ...report.renamed.map(
      ({ before, after, workloads }) =>
        `${style.bold('renamed')} service account ${printable(before)} is now ${printable(after)} (${printable(workloads.join(', '))})\n`,
    ),
    ...notComparedInWords(report).map(
      (words) => `${style.level('warning', 'not compared')} ${printable(words)}\n`,
    ),
    ...report.assumptions.map(
      (assumption) => `${style.dim('assumption:')} ${printable(assumption)}\n`,
    ),
  ]
  return [...blocks, `${changesInSummary(report)}; ${destinationsInSummary(report)}\n`].join('')
}

function block(
  title: string,
  moves: readonly [ReportedMove, ...ReportedMove[]],
  { style, paths }: DiffContext,
): string {
  const { clients, requests, witness, before, after, because } = moves[0]
  return [
    `${title} ${style.bold(printable(targetsInWords(moves)))}`,
    `  clients:  ${printable(clients.join(', '))}`,
    `  requests: ${printable(requestsInWords(requests))}`,
    `  before:   ${printable(reasonInText(before, because.before))}`,
    `  after:    ${printable(reasonInText(after, because.after))}`,
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
