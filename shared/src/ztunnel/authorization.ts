/**
 * What ztunnel holds, in the shape and the words of its own config dump (`istioctl ztunnel-config policies -o json`): `rules` = OR of rules; a rule = AND
 * of clauses; a clause = OR of matches; a match = AND of fields.
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

export interface ServiceAccountMatch {
  readonly namespace: string
  readonly serviceAccount: string
}

/** One match. Absent and empty fields are the same; a match without any field matches nothing (docs/semantics.md §5.2). */
export interface Match {
  readonly namespaces?: readonly StringMatch[]
  readonly notNamespaces?: readonly StringMatch[]
  readonly serviceAccounts?: readonly ServiceAccountMatch[]
  readonly notServiceAccounts?: readonly ServiceAccountMatch[]
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

export function isEmptyMatch(match: Match): boolean {
  return Object.values(match).every((values: readonly unknown[]) => values.length === 0)
}

/** Whether a rule can match at all: no clause, or something to match in each (`hasEffectiveRules`). */
export function isEffective(rule: AuthorizationRule): boolean {
  return rule.every((clause) => clause.some((match) => !isEmptyMatch(match)))
}
