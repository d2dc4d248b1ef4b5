import type { Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Resource } from '../../resources/resource.js'
import type { Edit, Fix } from '../../rules/fix.js'
import { formatPrincipal, isOneAccount, parsePrincipal } from '../../vocabulary/principal.js'
import { supports } from '../../vocabulary/releases.js'
import {
  formatServiceAccount,
  hasNamespace,
  parseServiceAccount,
} from '../../vocabulary/serviceAccountName.js'
import type { FieldPath } from '../../yaml/node.js'

const POSITIVE = ['principals', 'serviceAccounts'] as const
const NEGATIVE = ['notPrincipals', 'notServiceAccounts'] as const

/**
 * Writes the accounts of the source at a path in the other form: `principals` name a trust domain, `serviceAccounts`
 * accept every trust domain. None where a value has no counterpart, or where the API allows only one of the forms.
 */
export function changeAccountFields(mesh: Mesh, resource: Resource, path: FieldPath): Fix[] {
  if (resource.type !== 'AuthorizationPolicy') return []
  const source = sourceAt(resource, path)
  if (!source) return []
  const { fields, at } = source
  const written = (names: readonly string[]): boolean => names.some((name) => fields.has(name))
  const hasAccounts = written(['serviceAccounts', 'notServiceAccounts'])
  if (hasAccounts) {
    const change = changeAll(fields, at, {
      resource,
      direction: 'to principals',
      convert: (value) => toPrincipal(mesh, resource, value),
    })
    return change ? [fixOf(`Change to principals (only ${mesh.settings.trustDomain})`, change)] : []
  }
  if (!supports(mesh.settings, 'serviceAccountFields') || written(['namespaces', 'notNamespaces']))
    return []
  const change = changeAll(fields, at, {
    resource,
    direction: 'to accounts',
    convert: (value) => toServiceAccount(resource, value),
  })
  return change ? [fixOf('Change to serviceAccounts (every trust domain)', change)] : []
}

interface Source {
  readonly at: FieldPath
  readonly fields: ReadonlyMap<string, readonly string[]>
}

function sourceAt(policy: AuthorizationPolicy, path: FieldPath): Source | undefined {
  const [spec, rules, rule, from, index, holder, field] = path
  if (spec !== 'spec' || rules !== 'rules' || from !== 'from' || holder !== 'source')
    return undefined
  if (typeof rule !== 'number' || typeof index !== 'number') return undefined
  if (![...POSITIVE, ...NEGATIVE].some((name) => name === field)) return undefined
  const source = policy.rules[rule]?.from?.[index]
  if (!source) return undefined
  const fields = Object.entries(source).flatMap(([name, values]): [string, readonly string[]][] =>
    Array.isArray(values) ? [[name, values.map(String)]] : [],
  )
  return { at: path.slice(0, 6), fields: new Map(fields) }
}

interface Change {
  readonly resource: AuthorizationPolicy
  readonly direction: 'to accounts' | 'to principals'
  /** Undefined for a value that has no counterpart. */
  readonly convert: (value: string) => string | undefined
}

/** The edits for both fields of the source; undefined if there is nothing to change, or not everything can be. */
function changeAll(
  fields: Source['fields'],
  at: FieldPath,
  { resource, direction, convert }: Change,
): Edit[] | undefined {
  const edits: Edit[] = []
  for (const [principals, accounts] of [POSITIVE, NEGATIVE]) {
    const [from, to] = direction === 'to accounts' ? [principals, accounts] : [accounts, principals]
    const values = fields.get(from)
    if (!values) continue
    const converted = values.map(convert)
    if (converted.includes(undefined)) return undefined
    const path = [...at, from]
    edits.push({ op: 'rename', resource, path, to })
    for (const [index, value] of converted.entries())
      edits.push({ op: 'set', resource, path: [...path, index], value: value ?? '' })
  }
  return edits.length === 0 ? undefined : edits
}

function toServiceAccount(policy: AuthorizationPolicy, value: string): string | undefined {
  const principal = parsePrincipal(value)
  if (!principal || principal.hasScheme || principal.trustDomain === '') return undefined
  if (principal.trustDomain.includes('*') || !isOneAccount(principal)) return undefined
  return principal.namespace === policy.namespace
    ? principal.serviceAccount
    : formatServiceAccount(principal)
}

function toPrincipal(mesh: Mesh, policy: AuthorizationPolicy, value: string): string | undefined {
  if (isUnnamed(policy.namespace) && !hasNamespace(value)) return undefined
  const account = parseServiceAccount(value, policy.namespace)
  return formatPrincipal({ trustDomain: mesh.settings.trustDomain, ...account })
}

function fixOf(title: string, edits: readonly Edit[]): Fix {
  return { title, preferred: false, safe: false, edits }
}
