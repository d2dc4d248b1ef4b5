import type {
  AuthorizationPolicy,
  Condition,
  Source,
  SourceField,
} from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'

const SOURCES: readonly SourceField[] = [
  'principals',
  'serviceAccounts',
  'namespaces',
  'notPrincipals',
  'notServiceAccounts',
  'notNamespaces',
]
const CONDITIONS: readonly string[] = ['source.principal', 'source.namespace']

/** Where a rule speaks of its clients' identity: the first such attribute, else the rule itself. */
export function identityField(policy: AuthorizationPolicy, index: number): FieldPath {
  const rule = policy.rules[index]
  const path: FieldPath = ['spec', 'rules', index]
  for (const [at, source] of (rule?.from ?? []).entries()) {
    const field = SOURCES.find((name) => source?.[name])
    if (field) return [...path, 'from', at, 'source', field]
  }
  const condition = rule?.when?.findIndex(({ key }) => CONDITIONS.includes(key)) ?? -1
  return condition < 0 ? path : [...path, 'when', condition, 'key']
}

const REQUEST_IDENTITY: readonly SourceField[] = [
  ...SOURCES,
  'requestPrincipals',
  'notRequestPrincipals',
  'trustDomains',
  'notTrustDomains',
]

/** Whether a policy tells clients apart by who they are, by certificate or by token. */
export function speaksOfIdentity(policy: AuthorizationPolicy): boolean {
  const bySource = (source: Source | undefined): boolean =>
    source !== undefined && REQUEST_IDENTITY.some((field) => source[field])
  const byCondition = ({ key }: Condition): boolean =>
    /^source\.(principal|namespace|serviceAccount|trustDomain)$|^request\.auth\./.test(key)
  return policy.rules.some(
    ({ from, when }) => (from ?? []).some(bySource) || (when ?? []).some(byCondition),
  )
}
