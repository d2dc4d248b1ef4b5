import { parseAddress, parseCidr } from '../../text/ip.js'
import type { ValueFormat } from '../../vocabulary/attributes.js'
import type { Field } from './field.js'
import { shortened, problemAt, type ReportProblem } from './problem.js'

// Checks of single strings, as `istio/istio pkg/config/security/security.go` makes them (docs/semantics.md §8.2
// rows 18–23).

/** The problem of a value; undefined if it is valid. */
export type ValueCheck = (value: string) => string | undefined

/** Checks the strings of a list. An empty string is rejected for every attribute. */
export function checkValues(
  list: Field,
  report: ReportProblem,
  check: ValueCheck = () => undefined,
): void {
  const problemOf: ValueCheck = (value) =>
    value === '' ? 'empty value not allowed.' : check(value)
  for (const item of list.itemsWhere((value) => problemOf(value) !== undefined))
    report(problemAt(item.path, problemOf(item.text ?? '') ?? ''))
}

export const checkIp: ValueCheck = (value) => {
  if (value.includes('/'))
    return parseCidr(value) ? undefined : `bad CIDR range "${shortened(value)}".`
  return parseAddress(value) ? undefined : `bad IP address "${shortened(value)}".`
}

export const checkPort: ValueCheck = (value) =>
  /^\d+$/.test(value) && Number(value) <= 65535
    ? undefined
    : `bad port "${shortened(value)}": it must be a number from 0 to 65535.`

export const checkServiceAccount: ValueCheck = (value) => {
  if (value.includes('*')) return 'wildcard not allowed in a service account.'
  const parts = value.split('/')
  return parts.length > 2 || parts.includes('')
    ? `expected "serviceAccount" or "namespace/serviceAccount", found "${shortened(value)}".`
    : undefined
}

export const checkWildcard: ValueCheck = (value) => {
  const stars = value.split('*').length - 1
  if (stars > 1) return `at most one wildcard is allowed, found "${shortened(value)}".`
  return stars === 1 && !value.startsWith('*') && !value.endsWith('*')
    ? `a wildcard is only allowed at the start or end, found "${shortened(value)}".`
    : undefined
}

export const checkTrustDomain: ValueCheck = (value) =>
  checkWildcard(value) ??
  (value.includes('/')
    ? `a trust domain must not contain "/", found "${shortened(value)}".`
    : undefined)

/** `CheckValidPathTemplate`: `{*}` and `{**}` are whole segments, and neither follows `{**}`. */
export const checkPath: ValueCheck = (value) => {
  if (!/[{}]/.test(value)) return undefined
  const isTemplate = value.includes('{*}') || value.includes('{**}')
  let closed = false
  for (const segment of withoutOuterSlashes(value).split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (closed)
        return `invalid or unsupported path "${shortened(value)}": {**} is not the last operator.`
      closed = segment === '{**}'
    } else if (/[{}]/.test(segment))
      return `invalid or unsupported path "${shortened(value)}": "{" or "}" beyond a supported path template.`
    else if (isTemplate && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment))
      return `invalid or unsupported path "${shortened(value)}": segment "${shortened(segment)}" is not a literal.`
  }
  return undefined
}

function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length]
  while (path[start] === '/') start++
  while (end > start && path[end - 1] === '/') end--
  return path.slice(start, end)
}

const CHECKS: Readonly<Record<ValueFormat, ValueCheck | undefined>> = {
  any: undefined,
  address: checkIp,
  port: checkPort,
  path: checkPath,
  'service account': checkServiceAccount,
  'trust domain': checkTrustDomain,
  wildcard: checkWildcard,
}

/** The check of the values of an attribute. Undefined where each value is valid. */
export function checkFormat(format: ValueFormat = 'any'): ValueCheck | undefined {
  return CHECKS[format]
}
