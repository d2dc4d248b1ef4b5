import { isUnnamed } from '../resources/namespaceId.js'
import type { AuthorizationRule, Match, StringMatch } from './authorization.js'
import type { Identity } from './rbac.js'

/** A client that a rule speaks of, with one identity that stands for all it means. */
export interface NamedPeer {
  readonly identity: Identity
  /** Whether the rule names this one account and no other. */
  readonly exact: boolean
  /** How messages call it: `"shop/web"`, `namespace "shop"`, or the pattern. */
  readonly label: string
}

/** Can stand in no Kubernetes name: an account, or a namespace, that no policy names. */
const NOBODY = '~'

/** An identity that no policy names; it is admitted only where everybody is. */
export function unnamedIdentityIn(trustDomain: string, namespace = NOBODY): Identity {
  return { trustDomain, namespace, serviceAccount: NOBODY }
}

interface PartialIdentity {
  readonly trustDomain?: string | undefined
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly label: string
}

/**
 * The clients that a rule names, in its positive source fields or in its negated ones. Whether the rule as a whole admits each of them is for the
 * evaluator to say.
 */
export function namedPeers(
  rule: AuthorizationRule,
  trustDomain: string,
  sign: 'positive' | 'negated' = 'positive',
): NamedPeer[] {
  const matches = rule.flat()
  const accounts = matches.flatMap((match) => [
    ...serviceAccountsOf(match, sign),
    ...stringsOf(match, sign, 'principals').map(fromPrincipal),
  ])
  const namespaces = matches.flatMap((match) =>
    stringsOf(match, sign, 'namespaces').map(fromNamespace),
  )
  const missing = accounts
    .filter(({ namespace }) => namespace === undefined)
    .flatMap((account) => namespaces.map(({ namespace }) => ({ ...account, namespace })))
  return [...accounts, ...missing, ...namespaces].map(({ label, ...known }) => ({
    identity: {
      trustDomain: known.trustDomain ?? trustDomain,
      namespace: known.namespace ?? NOBODY,
      serviceAccount: known.serviceAccount ?? NOBODY,
    },
    exact:
      known.namespace !== undefined &&
      isWritten(known.namespace) &&
      known.serviceAccount !== undefined &&
      isWritten(known.serviceAccount),
    label,
  }))
}

/** Whether a part of a peer's identity stands in a policy, and not for all that a pattern means. */
export function isWritten(part: string): boolean {
  return !part.includes(NOBODY)
}

/** Trust domains that principals name, whichever the mesh's own is. */
export function namedTrustDomains(rules: readonly AuthorizationRule[]): string[] {
  const strings = rules
    .flat(2)
    .flatMap((match) => [...(match.principals ?? []), ...(match.notPrincipals ?? [])])
  return [...new Set(strings.flatMap((value) => fromPrincipal(value).trustDomain ?? []))]
}

function serviceAccountsOf(match: Match, sign: 'positive' | 'negated'): PartialIdentity[] {
  const values = (sign === 'positive' ? match.serviceAccounts : match.notServiceAccounts) ?? []
  return values.map(({ namespace, serviceAccount }) => ({
    namespace,
    serviceAccount,
    label: accountLabel(namespace, serviceAccount),
  }))
}

function stringsOf(
  match: Match,
  sign: 'positive' | 'negated',
  field: 'principals' | 'namespaces',
): readonly StringMatch[] {
  if (sign === 'positive') return match[field] ?? []
  return (field === 'principals' ? match.notPrincipals : match.notNamespaces) ?? []
}

function fromNamespace(value: StringMatch): PartialIdentity {
  if ('Exact' in value) return { namespace: value.Exact, label: `namespace "${value.Exact}"` }
  if ('Prefix' in value)
    return { namespace: `${value.Prefix}${NOBODY}`, label: `namespaces "${value.Prefix}*"` }
  return 'Suffix' in value
    ? { namespace: `${NOBODY}${value.Suffix}`, label: `namespaces "*${value.Suffix}"` }
    : { label: 'any identity' }
}

const FULL = /(?:^|\/)ns\/([^/]+)\/sa\/([^/]+)$/

function fromPrincipal(value: StringMatch): PartialIdentity {
  if ('Exact' in value) {
    const [, namespace, serviceAccount] = FULL.exec(value.Exact) ?? []
    return {
      trustDomain: value.Exact.split('/')[0],
      namespace,
      serviceAccount,
      label: accountLabel(namespace, serviceAccount),
    }
  }
  if ('Suffix' in value) {
    const [, namespace, serviceAccount] = FULL.exec(value.Suffix) ?? []
    if (namespace !== undefined)
      return { namespace, serviceAccount, label: accountLabel(namespace, serviceAccount) }
    const account = value.Suffix.slice(value.Suffix.lastIndexOf('/') + 1)
    return {
      serviceAccount: value.Suffix.includes('/') ? account : `${NOBODY}${account}`,
      label: `"*${value.Suffix}"`,
    }
  }
  if (!('Prefix' in value)) return { label: 'any identity' }
  const [trustDomain, , namespace, , serviceAccount] = value.Prefix.split('/')
  const label = `"${value.Prefix}*"`
  if (namespace === undefined)
    return { trustDomain: value.Prefix.includes('/') ? trustDomain : undefined, label }
  const whole = value.Prefix.includes(`/ns/${namespace}/`)
  return {
    trustDomain,
    namespace: whole ? namespace : `${namespace}${NOBODY}`,
    serviceAccount: `${serviceAccount ?? ''}${NOBODY}`,
    label,
  }
}

function accountLabel(namespace: string | undefined, serviceAccount: string | undefined): string {
  const account = serviceAccount ?? '*'
  return namespace === undefined || isUnnamed(namespace)
    ? `"${account}"`
    : `"${namespace}/${account}"`
}
