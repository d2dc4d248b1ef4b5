import {
  isEmptyMatch,
  type Authorization,
  type AuthorizationRule,
  type Clause,
  type Match,
  type StringMatch,
} from './authorization.js'
import { contains, parseCidr, type Cidr } from '../text/ip.js'

/** A peer's SPIFFE identity, `spiffe://<trustDomain>/ns/<namespace>/sa/<serviceAccount>`. */
export interface Identity {
  readonly trustDomain: string
  readonly namespace: string
  readonly serviceAccount: string
}

/** The connection that ztunnel judges (docs/semantics.md §5.1). */
export interface Connection {
  readonly sourceIp: Cidr | undefined
  readonly destinationIp: Cidr | undefined
  /** Container port. */
  readonly destinationPort: number
  /** Undefined for plaintext. */
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

/** `assert_rbac` (docs/semantics.md §5.4): DENY first, then accept without any ALLOW policy, then ALLOW. */
export function decide(policies: readonly Authorization[], connection: Connection): Decision {
  const enforced = policies.filter((policy) => !policy.dryRun)
  const denying = enforced.find(
    (policy) => policy.action === 'Deny' && matchesPolicy(policy, connection),
  )
  if (denying) return { verdict: 'deny', reason: 'explicitly denied by', policy: denying }
  const allowing = enforced.filter((policy) => policy.action === 'Allow')
  if (allowing.length === 0) return { verdict: 'allow', reason: 'no allow policies, allow' }
  const admitting = allowing.find((policy) => matchesPolicy(policy, connection))
  return admitting
    ? { verdict: 'allow', reason: 'allow policy match', policy: admitting }
    : { verdict: 'deny', reason: 'allow policies exist, but none allowed' }
}

/** `Authorization::matches` (`Z:src/rbac.rs:86-209`). */
export function matchesPolicy(
  policy: Pick<Authorization, 'rules'>,
  connection: Connection,
): boolean {
  return policy.rules.some((rule) => matchesRule(rule, connection))
}

/** Zero clauses match everything. */
export function matchesRule(rule: AuthorizationRule, connection: Connection): boolean {
  return rule.every((clause) => matchesClause(clause, connection))
}

function matchesClause(clause: Clause, connection: Connection): boolean {
  return clause.length === 0 || clause.some((match) => matchesMatch(match, connection))
}

/** An empty match is skipped and so satisfies nothing. */
function matchesMatch(match: Match, connection: Connection): boolean {
  const { identity, sourceIp, destinationIp, destinationPort } = connection
  const namespace = identity?.namespace ?? ''
  const principal = identity && principalOf(identity)
  return (
    !isEmptyMatch(match) &&
    field(match.namespaces, match.notNamespaces, (value) => matchesString(value, namespace)) &&
    field(
      match.serviceAccounts,
      match.notServiceAccounts,
      (value) =>
        value.namespace === identity?.namespace && value.serviceAccount === identity.serviceAccount,
    ) &&
    field(
      match.principals,
      match.notPrincipals,
      (value) => principal !== undefined && matchesString(value, principal),
    ) &&
    field(match.sourceIps, match.notSourceIps, (block) => inBlock(block, sourceIp)) &&
    field(match.destinationIps, match.notDestinationIps, (block) =>
      inBlock(block, destinationIp),
    ) &&
    field(match.destinationPorts, match.notDestinationPorts, (port) => port === destinationPort)
  )
}

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

/** The form that principals are written in: without `spiffe://`. */
export function principalOf(identity: Identity): string {
  return `${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`
}
