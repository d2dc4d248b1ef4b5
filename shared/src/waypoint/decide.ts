import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import type { EnvoyConnection } from './connection.js'
import { matchPolicy, type RuleMatch } from './matchPolicy.js'
import type { TrustBundle } from './trustDomains.js'

/** Envoy's decision, with the policy and rule that made it. */
export type EnvoyDecision = {
  readonly verdict: 'allow' | 'deny' | 'undecided'
  /** As Envoy's response code details say it, or why nothing can be said. */
  readonly reason: string
} & (
  | { readonly policy: AuthorizationPolicy; readonly rule: number }
  | { readonly policy: undefined; readonly rule: undefined }
)

interface Matched {
  readonly policy: AuthorizationPolicy
  readonly match: RuleMatch
}

/** What a proxy knows beside its policies. */
export interface EnvoyContext extends TrustBundle {
  /** `PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`. */
  readonly severalProviders: boolean
}

/**
 * The authorization filters of a proxy in their order: CUSTOM, DENY, ALLOW (docs/semantics.md §3.8). AUDIT only logs, dry-run policies too. What an external
 * authorizer would say is unknown; it matters only where nothing else refuses.
 */
export function decideAtEnvoy(
  policies: readonly AuthorizationPolicy[],
  connection: EnvoyConnection,
  trust: EnvoyContext,
): EnvoyDecision {
  const enforced = policies.filter((policy) => !isDryRun(policy))
  const matching = (action: AuthorizationPolicy['action']): Matched[] =>
    enforced
      .filter((policy) => policy.action === action)
      .flatMap((policy) => {
        const match = matchPolicy(policy, connection, { policyNamespace: policy.namespace, trust })
        return match ? [{ policy, match }] : []
      })
  const sure = ({ match }: Matched): boolean => match.sure
  const externals = matching('CUSTOM')
  const unusable =
    providersOf(policies).size > 1 && !trust.severalProviders ? externals.find(sure) : undefined
  if (unusable)
    return {
      verdict: 'deny',
      reason: deniedBy(unusable),
      policy: unusable.policy,
      rule: unusable.match.rule,
    }
  const denying = matching('DENY')
  const denied = denying.find(sure)
  if (denied)
    return {
      verdict: 'deny',
      reason: deniedBy(denied),
      policy: denied.policy,
      rule: denied.match.rule,
    }
  const allowing = matching('ALLOW')
  const admitting = allowing.find(sure)
  const demandsAllow = enforced.some((policy) => policy.action === 'ALLOW')
  if (demandsAllow && allowing.length === 0)
    return {
      verdict: 'deny',
      reason: 'rbac_access_denied_matched_policy[none]',
      policy: undefined,
      rule: undefined,
    }
  const [custom] = externals
  if (custom)
    return undecided(`the external authorizer "${custom.policy.provider ?? ''}" decides`, custom)
  const [perhaps] = [...denying, ...(admitting ? [] : allowing)]
  if (perhaps) return undecided('it depends on something that the request does not say', perhaps)
  if (admitting)
    return {
      verdict: 'allow',
      reason: 'allow policy match',
      policy: admitting.policy,
      rule: admitting.match.rule,
    }
  return {
    verdict: 'allow',
    reason: 'no allow policies, allow',
    policy: undefined,
    rule: undefined,
  }
}

/** More than one is refused unless a flag allows it: then what they are asked about is denied (`authz/builder/builder.go`). */
function providersOf(policies: readonly AuthorizationPolicy[]): ReadonlySet<string | undefined> {
  return new Set(
    policies.filter(({ action }) => action === 'CUSTOM').map(({ provider }) => provider),
  )
}

function deniedBy({ policy, match }: Matched): string {
  return `rbac_access_denied_matched_policy[ns[${policy.namespace}]-policy[${policy.name}]-rule[${match.rule}]]`
}

function undecided(reason: string, { policy, match }: Matched): EnvoyDecision {
  return { verdict: 'undecided', reason, policy, rule: match.rule }
}
