import {
  isEmptyMatch,
  type Authorization,
  type AuthorizationRule,
  type Clause,
  type Match,
  type StringMatch,
} from './authorization.js'
import { contains, parseCidr, type Cidr } from '../text/ip.js'
import type { L4Attribute } from '../vocabulary/attributes.js'
import { formatPrincipal, type Identity } from '../vocabulary/principal.js'

/** A connection as ztunnel sees it (docs/semantics.md §5.1). */
export interface Connection {
  readonly sourceIp: Cidr | undefined
  readonly destinationIp: Cidr | undefined
  /** Container port. */
  readonly destinationPort: number
  /** From the client's certificate. Undefined for plaintext. */
  readonly identity: Identity | undefined
}

export type Decision =
  | { readonly verdict: 'allow'; readonly reason: 'no allow policies, allow' }
  | {
      readonly verdict: 'allow'
      readonly reason: 'allow policy match'
      readonly policy: Authorization
    }
  | {
      readonly verdict: 'deny'
      readonly reason: 'explicitly denied by'
      readonly policy: Authorization
    }
  | { readonly verdict: 'deny'; readonly reason: 'allow policies exist, but none allowed' }

/**
 * `assert_rbac` (docs/semantics.md §5.4): DENY policies first, then ALLOW policies. Without an ALLOW policy the
 * connection is allowed.
 */
export function decide(policies: readonly Authorization[], connection: Connection): Decision {
  const enforced = policies.filter((policy) => !policy.dryRun)
  const denying = enforced.find(
    (policy) => policy.action === 'Deny' && matchesPolicy(policy, connection),
  )
  if (denying) return { verdict: 'deny', reason: 'explicitly denied by', policy: denying }
  const allowing = enforced.filter((policy) => policy.action === 'Allow')
  if (allowing.length === 0) return { verdict: 'allow', reason: 'no allow policies, allow' }
  const matching = allowing.find((policy) => matchesPolicy(policy, connection))
  return matching
    ? { verdict: 'allow', reason: 'allow policy match', policy: matching }
    : { verdict: 'deny', reason: 'allow policies exist, but none allowed' }
}

/** `Authorization::matches` (`Z:src/rbac.rs:86-209`). */
export function matchesPolicy(
  policy: Pick<Authorization, 'rules'>,
  connection: Connection,
): boolean {
  return policy.rules.some((rule) => matchesRule(rule, connection))
}

/** A rule without clauses matches every connection. */
export function matchesRule(rule: AuthorizationRule, connection: Connection): boolean {
  return rule.every((clause) => matchesClause(clause, connection))
}

function matchesClause(clause: Clause, connection: Connection): boolean {
  return clause.length === 0 || clause.some((match) => matchesMatch(match, connection))
}

/** ztunnel skips an empty match: it matches no connection. */
function matchesMatch(match: Match, connection: Connection): boolean {
  return !isEmptyMatch(match) && TESTS.every((test) => test(match, connection))
}

type Test = (match: Match, connection: Connection) => boolean

const TEST_OF: Readonly<Record<L4Attribute, Test>> = {
  namespace: ({ namespaces, notNamespaces }, { identity }) =>
    field(namespaces, notNamespaces, (value) => matchesString(value, identity?.namespace ?? '')),
  serviceAccount: ({ serviceAccounts, notServiceAccounts }, { identity }) =>
    field(
      serviceAccounts,
      notServiceAccounts,
      (value) =>
        value.namespace === identity?.namespace && value.serviceAccount === identity.serviceAccount,
    ),
  principal: ({ principals, notPrincipals }, { identity }) =>
    field(
      principals,
      notPrincipals,
      (value) => identity !== undefined && matchesString(value, formatPrincipal(identity)),
    ),
  sourceIp: ({ sourceIps, notSourceIps }, { sourceIp }) =>
    field(sourceIps, notSourceIps, (block) => inBlock(block, sourceIp)),
  destinationIp: ({ destinationIps, notDestinationIps }, { destinationIp }) =>
    field(destinationIps, notDestinationIps, (block) => inBlock(block, destinationIp)),
  port: ({ destinationPorts, notDestinationPorts }, { destinationPort }) =>
    field(destinationPorts, notDestinationPorts, (port) => port === destinationPort),
}
const TESTS = Object.values(TEST_OF)

function field<T>(
  positive: readonly T[] | undefined,
  negative: readonly T[] | undefined,
  matches: (value: T) => boolean,
): boolean {
  if (positive && positive.length > 0 && !positive.some(matches)) return false
  return !negative?.some(matches)
}

export function matchesString(match: StringMatch, value: string): boolean {
  if ('Exact' in match) return value === match.Exact
  if ('Prefix' in match) return value.startsWith(match.Prefix)
  return 'Suffix' in match ? value.endsWith(match.Suffix) : value !== ''
}

function inBlock(block: string, address: Cidr | undefined): boolean {
  const cidr = parseCidr(block)
  return cidr !== undefined && address !== undefined && contains(cidr, address)
}
