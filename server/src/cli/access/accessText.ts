import { printable, requestsInWords } from '@istio-ambient-policy/shared'
import { evaluateCommand, reasonInText, sameAnswers, targetsInWords } from './accessWords.js'
import { counted } from '../format/words.js'
import type { Style } from '../style.js'
import type { AccessReport, ReportedAccess } from './accessReport.js'

/** The requests that are allowed, for people: where, who, what, and which policy allows them. */
export function formatAccessText(
  { access, notComparable, assumptions }: AccessReport,
  { style, paths }: { readonly style: Style; readonly paths: readonly string[] },
): string {
  const blocks = sameAnswers(access).map((same) => block(same, style, paths))
  const destinations = new Set(access.map((each) => targetsInWords([each])))
  return [
    ...blocks,
    ...notComparable.map(
      ({ what, reason }) =>
        `${style.level('warning', 'not evaluated')} ${printable(what)}: ${printable(reason)}\n`,
    ),
    ...assumptions.map((assumption) => `${style.dim('assumption:')} ${printable(assumption)}\n`),
    access.length === 0
      ? 'no such request is allowed\n'
      : `such requests can reach ${counted(destinations.size, 'destination')}\n`,
  ].join('')
}

function block(
  same: readonly [ReportedAccess, ...ReportedAccess[]],
  style: Style,
  paths: readonly string[],
): string {
  const [{ clients, requests, verdict, because, throughWaypoint, witness }] = same
  return [
    style.bold(printable(targetsInWords(same))),
    `  clients:  ${printable(clients.join(', '))}`,
    `  requests: ${printable(requestsInWords(requests))}${throughWaypoint ? ', through a waypoint' : ''}`,
    `  verdict:  ${printable(reasonInText(verdict, because))}`,
    `  example:  ${printable(evaluateCommand(witness, paths))}`,
    '',
    '',
  ].join('\n')
}
