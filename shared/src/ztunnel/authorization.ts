import type { L4Attribute } from '../vocabulary/attributes.js'
import type { ServiceAccountName } from '../vocabulary/serviceAccountName.js'

/**
 * A policy of ztunnel, in the shape of its config dump (`istioctl ztunnel-config policies -o json`): `rules` is
 * an OR of rules, a rule an AND of clauses, a clause an OR of matches, a match an AND of fields.
 */
export interface Authorization {
  readonly name: string
  readonly namespace: string
  readonly scope: 'Global' | 'Namespace' | 'WorkloadSelector'
  readonly action: 'Allow' | 'Deny'
  readonly dryRun: boolean
  readonly rules: readonly AuthorizationRule[]
}

export type AuthorizationRule = readonly Clause[]
export type Clause = readonly Match[]

export type StringMatch =
  | { readonly Exact: string }
  | { readonly Prefix: string }
  | { readonly Suffix: string }
  | { readonly Presence: readonly [] }

/**
 * One match. An absent field and an empty one are the same. A match without fields matches nothing (docs/semantics.md
 * §5.2).
 */
export interface Match {
  readonly namespaces?: readonly StringMatch[]
  readonly notNamespaces?: readonly StringMatch[]
  readonly serviceAccounts?: readonly ServiceAccountName[]
  readonly notServiceAccounts?: readonly ServiceAccountName[]
  readonly principals?: readonly StringMatch[]
  readonly notPrincipals?: readonly StringMatch[]
  /** CIDR. */
  readonly sourceIps?: readonly string[]
  readonly notSourceIps?: readonly string[]
  readonly destinationIps?: readonly string[]
  readonly notDestinationIps?: readonly string[]
  readonly destinationPorts?: readonly number[]
  readonly notDestinationPorts?: readonly number[]
}

/** The fields of a match that test an attribute: for values that must match, and for values that must not. */
export const MATCH_FIELDS = {
  namespace: ['namespaces', 'notNamespaces'],
  serviceAccount: ['serviceAccounts', 'notServiceAccounts'],
  principal: ['principals', 'notPrincipals'],
  sourceIp: ['sourceIps', 'notSourceIps'],
  destinationIp: ['destinationIps', 'notDestinationIps'],
  port: ['destinationPorts', 'notDestinationPorts'],
} as const satisfies Readonly<Record<L4Attribute, readonly [keyof Match, keyof Match]>>

export function isEmptyMatch(match: Match): boolean {
  return Object.values(match).every((values: readonly unknown[]) => values.length === 0)
}

/** Whether a rule can match: it has no clause, or each clause has a match with a field (`hasEffectiveRules`). */
export function isEffective(rule: AuthorizationRule): boolean {
  return rule.every((clause) => clause.some((match) => !isEmptyMatch(match)))
}
