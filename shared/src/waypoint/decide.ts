import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import type { EnvoyConnection } from './connection.js'
import { matchPolicy, type RuleMatch } from './matchPolicy.js'
import type { TrustBundle } from './trustDomains.js'

/** Envoy's decision, with the policy and rule that made it. */
export type EnvoyDecision = {
  readonly verdict: 'allow' | 'deny' | 'undecided'
  /** Envoy's response code details, or the reason why the decision is unknown. */
  readonly reason: string
} & (
  | { readonly policy: AuthorizationPolicy; readonly rule: number }
  | { readonly policy: undefined; readonly rule: undefined }
)

interface MatchedPolicy {
  readonly policy: AuthorizationPolicy
  readonly match: RuleMatch
}

/** The settings of the mesh that change the decision. */
export interface EnvoyContext extends TrustBundle {
  /** `PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`. */
  readonly severalProviders: boolean
  /** The names of `extensionProviders` of MeshConfig; undefined where they are not known. */
  readonly extensionProviders: readonly string[] | undefined
}

/**
 * The decision of a proxy's authorization filters, in their order: CUSTOM, DENY, ALLOW
 * (docs/semantics.md §3.8). AUDIT policies and dry-run policies only log. The answer of an external
 * authorizer is unknown, so a CUSTOM policy that matches leaves the request undecided unless a DENY
 * or a missing ALLOW denies it.
 */
export function decideAtEnvoy(
  policies: readonly AuthorizationPolicy[],
  connection: EnvoyConnection,
  context: EnvoyContext,
): EnvoyDecision {
  const enforced = policies.filter((policy) => !isDryRun(policy))
  const matching = (action: AuthorizationPolicy['action']): MatchedPolicy[] =>
    enforced
      .filter((policy) => policy.action === action)
      .flatMap((policy) => {
        const match = matchPolicy(policy, connection, {
          policyNamespace: policy.namespace,
          trust: context,
        })
        return match ? [{ policy, match }] : []
      })
  const custom = matching('CUSTOM')
  const denying = matching('DENY')
  const allowing = matching('ALLOW')

  for (const matched of custom.filter(isSure)) {
    const why = rejection(matched.policy, policies, context)
    if (why !== undefined) return decidedBy(matched, 'deny', `${REJECTED_PROVIDER}: ${why}`)
  }
  const denied = denying.find(isSure)
  if (denied) return decidedBy(denied, 'deny', deniedReason(denied))

  const hasAllow = enforced.some((policy) => policy.action === 'ALLOW')
  if (hasAllow && allowing.length === 0)
    return decidedByNone('deny', 'rbac_access_denied_matched_policy[none]')

  const [external] = custom
  if (external)
    return decidedBy(
      external,
      'undecided',
      `the external authorizer "${external.policy.provider ?? ''}" decides`,
    )
  const allowed = allowing.find(isSure)
  const [unsure] = [...denying, ...(allowed ? [] : allowing)]
  if (unsure)
    return decidedBy(unsure, 'undecided', 'depends on something that the request does not specify')
  return allowed
    ? decidedBy(allowed, 'allow', 'allow policy match')
    : decidedByNone('allow', 'no allow policies, allow')
}

/** How a reason starts where istiod makes a DENY of a CUSTOM policy. */
export const REJECTED_PROVIDER = 'istiod rejects its external authorizer'

/**
 * Why istiod rejects the provider of a CUSTOM policy; undefined if it does not. The proxy denies
 * every request that a rejected policy matches (`authz/builder/builder.go` getBadCustomDenyRules).
 */
function rejection(
  { provider = '' }: AuthorizationPolicy,
  policies: readonly AuthorizationPolicy[],
  { severalProviders, extensionProviders }: EnvoyContext,
): string | undefined {
  if (extensionProviders?.includes(provider) === false)
    return `MeshConfig has no extension provider "${provider}"`
  const isOther = (policy: AuthorizationPolicy): boolean =>
    policy.action === 'CUSTOM' && (policy.provider ?? '') !== provider
  return !severalProviders && policies.some(isOther)
    ? 'the CUSTOM policies name several providers'
    : undefined
}

function isSure({ match }: MatchedPolicy): boolean {
  return match.sure
}

function deniedReason({ policy, match }: MatchedPolicy): string {
  return `rbac_access_denied_matched_policy[ns[${policy.namespace}]-policy[${policy.name}]-rule[${match.rule}]]`
}

function decidedBy(
  { policy, match }: MatchedPolicy,
  verdict: EnvoyDecision['verdict'],
  reason: string,
): EnvoyDecision {
  return { verdict, reason, policy, rule: match.rule }
}

function decidedByNone(verdict: EnvoyDecision['verdict'], reason: string): EnvoyDecision {
  return { verdict, reason, policy: undefined, rule: undefined }
}
