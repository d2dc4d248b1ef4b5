import { explainAuthorizationPolicy } from '../explain/explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation } from '../explain/explanation.js'
import { explanationToMarkdown } from '../explain/toMarkdown.js'
import { namespace } from './builders.js'
import { analyse, type AnalyseOptions } from './checkFiles.js'
import { documents } from './objectText.js'
import { authorizationPolicy, from, type AuthorizationPolicyOptions } from './policyBuilders.js'
import { shop } from './shop.js'

/** The ambient namespace `shop` without other objects. */
export const NAMESPACE = namespace('shop')
/** Deployment and Service `api`, without their namespace. */
export const API = shop({ namespace: false, waypoint: false })
export const WITHOUT_WAYPOINT = documents(NAMESPACE, API)
export const WITH_WAYPOINT = shop()

interface ExplainOptions extends AnalyseOptions {
  /** `shop` by default. */
  readonly namespace?: string
}

/** The explanation of a policy that allows `shop/web`, if `policy` does not say something else. */
export function explainPolicy(
  mesh: string,
  policy: AuthorizationPolicyOptions,
  { namespace: at = 'shop', ...options }: ExplainOptions = {},
): AuthorizationPolicyExplanation {
  const text = authorizationPolicy(`${at}/p`, {
    rules: [from({ serviceAccounts: ['shop/web'] })],
    ...policy,
  })
  const analysis = analyse({ 'mesh.yaml': mesh, 'policy.yaml': text }, options)
  return explainAuthorizationPolicy(
    analysis.mesh,
    analysis.mesh.named('AuthorizationPolicy', at, 'p')!,
  )
}

/** The marked rows of the table in Markdown. */
export function markedLines(explanation: AuthorizationPolicyExplanation): string[] {
  return explanationToMarkdown(explanation)
    .split('\n')
    .filter((line) => /^\| \*\*(►|\?)\*\*/.test(line))
}

export const WAYPOINT_IDENTITY = 'cluster.local/ns/shop/sa/waypoint'
/** A policy for the pods of `api`. */
export const FOR_PODS = { app: 'api' }
/** A policy for the Service `api`. */
export const FOR_SERVICE = { targetRefs: ['Service/api'] }
