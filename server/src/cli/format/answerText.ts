import type { AccessRequest, NearestMiss, Verdict } from '@istio-ambient-policy/shared'
import type { ReportedAnswer, ReportedHop } from '../evaluateReport.js'
import { printable, type Style } from '../style.js'

/** The answer to one request for a person: who asks what, the verdict, and each hop with why. */
export function formatAnswerText(
  request: AccessRequest,
  answer: ReportedAnswer,
  style: Style,
): string {
  const lines = [
    `${style.bold(`${clientInWords(request)} → ${targetInWords(request)}`)}: ${verdict(answer.verdict, style)}`,
    ...(answer.hops.length === 0 && answer.verdict === 'allow'
      ? ['  no proxy of the mesh judges it']
      : []),
    ...answer.hops.flatMap((hop, index) => hopLines(hop, index + 1, style)),
    ...(answer.nearestMiss ? [`  ${missInWords(answer.nearestMiss, style)}`] : []),
    ...answer.assumptions.map(
      (assumption) => `  ${style.dim('assumed:')} ${printable(assumption)}`,
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
  const rule = hop.rule === null ? '' : ` rule ${hop.rule}`
  const place =
    hop.file === null || hop.range === null
      ? ''
      : ` (${hop.file}:${hop.range.start.line + 1}:${hop.range.start.character + 1})`
  const policy = hop.policy === null ? '' : ` — ${hop.policy}${rule}${place}`
  return [
    `  ${number}. ${hop.point} ${style.bold(printable(hop.name))} port ${hop.port}, ${printable(identity)}: ${verdict(hop.verdict, style)}`,
    `     ${printable(hop.reason + policy)}`,
    ...(hop.evidence.length > 0
      ? [`     ${style.dim('in force:')} ${printable(hop.evidence.join(', '))}`]
      : []),
  ]
}

/** `It would be allowed with method GET and path /items.` */
function missInWords({ changes, verdict: turned }: NearestMiss, style: Style): string {
  const changed = changes
    .map(({ field, value }) => `${field === 'from' ? 'client' : field} ${value}`)
    .join(' and ')
  return `It would be ${verdict(turned, style)} with ${printable(changed)}.`
}

function verdict(of: Verdict, style: Style): string {
  return {
    allow: style.good('allowed'),
    deny: style.bad('denied'),
    undecided: style.level('warning', 'undecided'),
  }[of]
}
