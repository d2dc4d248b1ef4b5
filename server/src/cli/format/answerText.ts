import {
  changesInWords,
  NO_PROXY,
  printable,
  reasonInWords,
  type AccessRequest,
  type NearestMiss,
  type Verdict,
} from '@istio-ambient-policy/shared'
import type { ReportedAnswer, ReportedHop } from '../evaluateReport.js'
import type { Style } from '../style.js'

/** The answer to one request as text: client, destination and verdict, and each proxy with its reason. */
export function formatAnswerText(
  request: AccessRequest,
  answer: ReportedAnswer,
  style: Style,
): string {
  const lines = [
    `${style.bold(`${clientInWords(request)} → ${targetInWords(request)}`)}: ${verdict(answer.verdict, style)}`,
    ...(answer.hops.length === 0 && answer.verdict === 'allow' ? [`  ${NO_PROXY}`] : []),
    ...answer.hops.flatMap((hop, index) => hopLines(hop, index + 1, style)),
    ...(answer.nearestMiss ? [`  ${missInWords(answer.nearestMiss, style)}`] : []),
    ...answer.assumptions.map(
      (assumption) => `  ${style.dim('assumption:')} ${printable(assumption)}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function clientInWords({ from }: AccessRequest): string {
  const account =
    from.namespace === undefined ? undefined : `${from.namespace}/${from.serviceAccount ?? ''}`
  return printable(account ?? `${from.ip ?? ''} (outside the mesh)`)
}

function targetInWords({ to, http }: AccessRequest): string {
  const name =
    'service' in to
      ? `Service ${to.service}`
      : 'workload' in to
        ? `workload ${to.workload}`
        : `host ${to.host}`
  const request = http ? ` ${http.method ?? 'GET'} ${http.path ?? '/'}` : ''
  return printable(`${name} port ${to.port}${request}`)
}

function hopLines(hop: ReportedHop, number: number, style: Style): string[] {
  const identity = hop.identity === null ? 'sees no identity' : `sees ${hop.identity}`
  const name = style.bold(printable(hop.name))
  return [
    `  ${number}. ${hop.point} ${name} port ${hop.port}, ${printable(identity)}: ${verdict(hop.verdict, style)}`,
    `     ${printable(reasonInWords(hop) + placeInWords(hop))}`,
    ...(hop.evidence.length > 0
      ? [
          `     ${style.dim('policies without a matching rule:')} ${printable(hop.evidence.join(', '))}`,
        ]
      : []),
  ]
}

/** ` rule 0 (policies.yaml:12:7)`: the rule that decides and its place. */
function placeInWords({ rule, file, range }: ReportedHop): string {
  const place =
    file === null || range === null
      ? ''
      : ` (${file}:${range.start.line + 1}:${range.start.character + 1})`
  return `${rule === null ? '' : ` rule ${rule}`}${place}`
}

/** `It would be allowed with method GET and path /items.` */
function missInWords({ changes, verdict: other }: NearestMiss, style: Style): string {
  return `It would be ${verdict(other, style)} with ${printable(changesInWords(changes))}.`
}

function verdict(of: Verdict, style: Style): string {
  return {
    allow: style.good('allowed'),
    deny: style.bad('denied'),
    undecided: style.level('warning', 'undecided'),
  }[of]
}
