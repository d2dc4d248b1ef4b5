import type { AccessRequest, ChangeKind } from '@istio-ambient-policy/shared'
import { counted } from '../format/words.js'
import type { DiffReport, ReportedMove, ReportedReason } from './diffReport.js'

export const CHANGE_KINDS: readonly ChangeKind[] = ['gained', 'lost', 'undecided']

/** `2 gained, 1 lost`, or `no change of access`. */
export function changesInSummary({ changes }: DiffReport): string {
  const counts = CHANGE_KINDS.map((kind) => ({
    kind,
    count: changes.filter((change) => change.kind === kind).length,
  })).filter(({ count }) => count > 0)
  return counts.length === 0
    ? 'no change of access'
    : counts.map(({ kind, count }) => `${count} ${kind}`).join(', ')
}

/** `8 destinations are the same, 1 is added, 1 is removed`. */
export function destinationsInSummary({
  destinations: { same, added, removed },
}: DiffReport): string {
  return [
    `${counted(same, 'destination')} without a change`,
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
  ].join(', ')
}

/** `method DELETE, POST; path /admin*`, or `all requests`. */
export function requestsInWords(requests: ReportedMove['requests']): string {
  const parts = Object.entries(requests).map(([name, words]) =>
    name === 'protocol' ? words.join(', ') : `${name} ${words.join(', ')}`,
  )
  return parts.length === 0 ? 'all requests' : parts.join('; ')
}

/** `denied by shop/no-delete (policies.yaml:12)`. */
export function reasonInText({ reason, file, range }: ReportedReason): string {
  return file === null || range === null ? reason : `${reason} (${file}:${range.start.line + 1})`
}

/** The command that evaluates a request in a shell. */
export function evaluateCommand(request: AccessRequest, paths: readonly string[]): string {
  const options = optionsOf(request)
  const files = paths.map(quoted)
  return options
    ? ['ambient-policy evaluate', ...options, ...files].join(' ')
    : `echo ${quoted(JSON.stringify(request))} | ${['ambient-policy evaluate --requests -', ...files].join(' ')}`
}

/** Undefined for a request that the options cannot describe. */
function optionsOf({ from, to, http }: AccessRequest): string[] | undefined {
  const claims = Object.entries(http?.claims ?? {})
  const isSimple = claims.every(([, value]) => typeof value === 'string')
  if (from.trustDomain !== undefined || !isSimple) return undefined
  const option = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name} ${quoted(value)}`]
  const [kind, name] =
    'service' in to
      ? ['service', to.service]
      : 'workload' in to
        ? ['workload', to.workload]
        : ['host', to.host]
  return [
    ...option('from', from.namespace && `${from.namespace}/${from.serviceAccount ?? ''}`),
    ...option('from-ip', from.ip),
    `--to ${kind} ${quoted(name)} --port ${to.port}`,
    ...option('method', http?.method),
    ...option('path', http?.path),
    ...option('host', http?.host),
    ...Object.entries(http?.headers ?? {}).flatMap(([key, value]) =>
      [value].flat().flatMap((line) => option('header', `${key}=${line}`)),
    ),
    ...claims.flatMap(([key, value]) => option('claim', `${key}=${String(value)}`)),
  ]
}

function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
