import { isUnnamed } from '../resources/namespaceId.js'
import type { CertificateAttribute, L4Attribute } from '../vocabulary/attributes.js'
import { parsePrincipal, type Identity } from '../vocabulary/principal.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { AuthorizationRule, Match, StringMatch } from './authorization.js'

/** Clients that a rule names, with one identity that is an example of them. */
export interface NamedPeer {
  readonly identity: Identity
  /** Whether the rule names this account and no other. */
  readonly exact: boolean
  /** How messages name the clients: `"shop/web"`, `namespace "shop"`, or the pattern. */
  readonly label: string
}

/** A part of a name that no Kubernetes name can have. It is an account or a namespace that no policy names. */
const UNNAMED = '~'

/** An identity that no policy names: a policy allows it only where it allows every identity. */
export function unnamedIdentityIn(trustDomain: string, namespace = UNNAMED): Identity {
  return { trustDomain, namespace, serviceAccount: UNNAMED }
}

/** The parts of an identity that a value fixes. */
interface PartialIdentity {
  readonly trustDomain?: string | undefined
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly label: string
}

type Sign = 'positive' | 'negated'

/**
 * The clients that a rule names in its positive source fields, or in its negated ones. Other parts of
 * the rule can exclude them: evaluate the rule to know whether it matches them.
 */
export function namedPeers(
  rule: AuthorizationRule,
  trustDomain: string,
  sign: Sign = 'positive',
): NamedPeer[] {
  const matches = rule.flat()
  const accounts = matches.flatMap((match) =>
    Object.values(ACCOUNTS_IN).flatMap((accountsIn) => accountsIn(match, sign)),
  )
  const namespaces = matches.flatMap((match) =>
    ((sign === 'positive' ? match.namespaces : match.notNamespaces) ?? []).map(fromNamespace),
  )
  const missing = accounts
    .filter(({ namespace }) => namespace === undefined)
    .flatMap((account) => namespaces.map(({ namespace }) => ({ ...account, namespace })))
  return [...accounts, ...missing, ...namespaces].map(({ label, ...known }) => ({
    identity: {
      trustDomain: known.trustDomain ?? trustDomain,
      namespace: known.namespace ?? UNNAMED,
      serviceAccount: known.serviceAccount ?? UNNAMED,
    },
    exact:
      known.namespace !== undefined &&
      isNamedInFull(known.namespace) &&
      known.serviceAccount !== undefined &&
      isNamedInFull(known.serviceAccount),
    label,
  }))
}

/** Whether a policy names a part of a peer's identity in full. Otherwise it is an example for a pattern. */
export function isNamedInFull(part: string): boolean {
  return !part.includes(UNNAMED)
}

/** The trust domains that principals name, other ones than the mesh's included. */
export function namedTrustDomains(rules: readonly AuthorizationRule[]): string[] {
  const strings = rules
    .flat(2)
    .flatMap((match) => [...(match.principals ?? []), ...(match.notPrincipals ?? [])])
  return [...new Set(strings.flatMap((value) => fromPrincipal(value).trustDomain ?? []))]
}

/** The accounts that a match names. Namespaces are read apart: an account without one can be in each. */
const ACCOUNTS_IN: Readonly<
  Record<
    Exclude<L4Attribute & CertificateAttribute, 'namespace'>,
    (match: Match, sign: Sign) => PartialIdentity[]
  >
> = {
  serviceAccount: (match, sign) =>
    ((sign === 'positive' ? match.serviceAccounts : match.notServiceAccounts) ?? []).map(
      ({ namespace, serviceAccount }) => ({
        namespace,
        serviceAccount,
        label: accountLabel(namespace, serviceAccount),
      }),
    ),
  principal: (match, sign) =>
    ((sign === 'positive' ? match.principals : match.notPrincipals) ?? []).map(fromPrincipal),
}

function fromNamespace(value: StringMatch): PartialIdentity {
  if ('Exact' in value) return { namespace: value.Exact, label: `namespace "${value.Exact}"` }
  if ('Prefix' in value)
    return { namespace: `${value.Prefix}${UNNAMED}`, label: `namespaces "${value.Prefix}*"` }
  return 'Suffix' in value
    ? { namespace: `${UNNAMED}${value.Suffix}`, label: `namespaces "*${value.Suffix}"` }
    : { label: 'any identity' }
}

function fromPrincipal(value: StringMatch): PartialIdentity {
  if ('Exact' in value) {
    const { namespace, serviceAccount } = parsePrincipal(value.Exact) ?? {}
    return {
      trustDomain: value.Exact.split('/')[0],
      namespace,
      serviceAccount,
      label: accountLabel(namespace, serviceAccount),
    }
  }
  if ('Suffix' in value) return fromSuffix(value.Suffix)
  return 'Prefix' in value ? fromPrefix(value.Prefix) : { label: 'any identity' }
}

function fromSuffix(suffix: string): PartialIdentity {
  const named = parsePrincipal(suffix)
  if (named) {
    const { namespace, serviceAccount } = named
    return { namespace, serviceAccount, label: accountLabel(namespace, serviceAccount) }
  }
  const account = suffix.slice(suffix.lastIndexOf('/') + 1)
  return {
    serviceAccount: suffix.includes('/') ? account : `${UNNAMED}${account}`,
    label: `"*${suffix}"`,
  }
}

function fromPrefix(prefix: string): PartialIdentity {
  const [trustDomain, word, namespace, ...rest] = prefix.split('/')
  const label = `"${prefix}*"`
  if (namespace === undefined)
    return { trustDomain: prefix.includes('/') ? trustDomain : undefined, label }
  const isWhole = word === 'ns' && rest.length > 0
  return {
    trustDomain,
    namespace: isWhole ? namespace : `${namespace}${UNNAMED}`,
    serviceAccount: `${rest[1] ?? ''}${UNNAMED}`,
    label,
  }
}

function accountLabel(namespace: string | undefined, serviceAccount = '*'): string {
  return namespace === undefined || isUnnamed(namespace)
    ? `"${serviceAccount}"`
    : `"${formatServiceAccount({ namespace, serviceAccount })}"`
}
