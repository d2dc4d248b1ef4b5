import {
  targetName,
  type AccessRequest,
  type RequestTarget,
  type Verdict,
} from '@istio-ambient-policy/shared'
import type { ReportedReason } from './reason.js'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'allowed',
  deny: 'denied',
  undecided: 'undecided',
}

/** `denied by shop/no-delete (policies.yaml:12)`, `allowed: no ALLOW policy applies`. */
export function reasonInText(verdict: Verdict, { reason, file, range }: ReportedReason): string {
  const word = VERDICTS[verdict]
  const place = file === null || range === null ? '' : ` (${file}:${range.start.line + 1})`
  return `${reason.startsWith(word) ? reason : `${word}: ${reason}`}${place}`
}

/** Requests to a destination, as a report has them. */
interface Reported {
  readonly mesh?: string
  readonly target: RequestTarget
  readonly witness: AccessRequest
}

/** Items of a report that differ only in their destination, together. */
export function sameAnswers<T extends Reported>(changes: readonly T[]): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const change of changes) {
    const key = JSON.stringify({ ...change, target: undefined, witness: undefined })
    const known = groups.get(key)
    if (known) known.push(change)
    else groups.set(key, [change])
  }
  return [...groups.values()]
}

/** `Service shop/api port 80 and port 8080, workload shop/api port 8080`. */
export function targetsInWords(changes: readonly Reported[]): string {
  const byName = new Map<string, number[]>()
  for (const { target } of changes) {
    const name = targetName(target)
    const ports = byName.get(name)
    if (ports) ports.push(target.port)
    else byName.set(name, [target.port])
  }
  const names = [...byName].map(
    ([name, ports]) => `${name} port ${ports.sort((a, b) => a - b).join(', ')}`,
  )
  const mesh = changes[0]?.mesh
  return names.join('; ') + (mesh === undefined ? '' : ` in ${mesh}`)
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
