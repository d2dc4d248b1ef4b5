import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { addToGroup } from '../../text/collections.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { attributesOf } from '../support/ruleAttributes.js'
import { firstThatFits, quoted } from '../support/words.js'
import {
  consequenceOfNoMatch,
  onlyDeniesMore,
  writtenValues,
  type WrittenValue,
} from '../support/writtenValues.js'

export const unmatchableValue = defineRule({
  name: 'unmatchable-value',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: ['MeshConfig'],
  check(policy, { mesh, report }) {
    if (isActionFilledIn(policy)) return
    const attributes = mesh.perQuery(attributesOf, policy)
    for (const kind of ['path', 'host', 'method'] as const) {
      const values = writtenValues(attributes, [kind])
      const prefixes = prefixesOf(values)
      for (const written of values) {
        const fault = faultOf(kind, written.value)
        if (!fault) continue
        const { reason, correction } = fault
        // A prefix in the same list matches all that the value was probably written for.
        const isCovered = prefixes
          .get(listOf(written))
          ?.slice(0, MAX_PREFIXES)
          .some((prefix) => written.value !== `${prefix}*` && written.value.startsWith(prefix))
        report({
          message: messageOf(policy, { kind, written, reason }),
          path: written.path,
          ...(isCovered ? { level: 'information' as const } : {}),
          fixes: () =>
            correction === undefined
              ? []
              : [
                  setValue(
                    { resource: policy, path: written.path, value: correction },
                    onlyDeniesMore(policy, written),
                  ),
                ],
        })
      }
    }
  },
})

/** More prefixes of one list are not compared. */
const MAX_PREFIXES = 100

const listOf = ({ path }: WrittenValue): string => JSON.stringify(path.slice(0, -1))

/** The prefixes in each list of values. */
function prefixesOf(values: readonly WrittenValue[]): ReadonlyMap<string, readonly string[]> {
  const prefixes = new Map<string, string[]>()
  for (const written of values)
    if (/^[^*]+\*$/.test(written.value))
      addToGroup(prefixes, listOf(written), written.value.slice(0, -1))
  return prefixes
}

type Kind = 'path' | 'host' | 'method'

const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE'.split(' '),
)

interface Fault {
  readonly reason: string
  /** The value that was probably intended. */
  readonly correction?: string | undefined
}

/** Why a value matches no request; undefined if it can match one. */
function faultOf(kind: Kind, value: string): Fault | undefined {
  switch (kind) {
    case 'path':
      return faultOfPath(value)
    case 'host':
      return faultOfHost(value)
    case 'method':
      return /[a-z]/.test(value) && METHODS.has(value.toUpperCase())
        ? { reason: 'methods are compared with case.', correction: value.toUpperCase() }
        : undefined
  }
}

function faultOfPath(value: string): Fault | undefined {
  const [path = ''] = value.split(/[?#]/)
  if (path !== value)
    return {
      reason: 'paths are compared without query and fragment.',
      ...(path.length > 1 ? { correction: path } : {}),
    }
  if (hasInnerWildcard(value))
    return {
      reason: 'a "*" is a wildcard only at the start or end.',
      correction: templateOf(value),
    }
  return value === '' || /^[/*{]/.test(value)
    ? undefined
    : { reason: 'each path starts with "/".', correction: `/${value}` }
}

function faultOfHost(value: string): Fault | undefined {
  const [, host = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/]*)/i.exec(value) ?? []
  if (value.includes('/'))
    return {
      reason: 'a host has no scheme and no path.',
      ...(/[^*]/.test(host) ? { correction: host } : {}),
    }
  return hasInnerWildcard(value)
    ? { reason: 'a "*" is a wildcard only at the start or end.' }
    : undefined
}

/** Whether a value has a `*` that Istio compares as it is. */
function hasInnerWildcard(value: string): boolean {
  const plain = value.replaceAll(/\{\*{1,2}\}/g, '')
  const inner = plain.startsWith('*') ? plain.slice(1) : plain.replace(/\*$/, '')
  return inner.includes('*')
}

// `/a/*/b/*` as the template `/a/{*}/b/{**}`, and `/a/**` as `/a/*`; undefined if a `*` is only a part of a segment.
function templateOf(path: string): string | undefined {
  if (/^[^*]*\/\*\*$/.test(path)) return path.slice(0, -1)
  const segments = path.split('/')
  if (!path.startsWith('/') || segments.some((part) => part !== '*' && part.includes('*')))
    return undefined
  return segments
    .map((part, at) => (part !== '*' ? part : at === segments.length - 1 ? '{**}' : '{*}'))
    .join('/')
}

const LABELS: Readonly<Record<Kind, string>> = { path: 'Path', host: 'Host', method: 'Method' }

function messageOf(
  policy: AuthorizationPolicy,
  {
    kind,
    written,
    reason,
  }: { readonly kind: Kind; readonly written: WrittenValue; readonly reason: string },
): string {
  const does = consequenceOfNoMatch(policy, written)
  return firstThatFits(
    `${LABELS[kind]} ${quoted(written.value, 64)} ${does}: ${reason}`,
    `${LABELS[kind]} ${quoted(written.value)} ${does}: ${reason}`,
    `This ${kind} ${does}: ${reason}`,
  )
}
