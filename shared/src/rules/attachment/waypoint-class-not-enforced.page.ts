import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const POLICY = allowGetAt(TARGETS_API)

export const waypointClassNotEnforcedPage: RuleDocs = {
  summary: 'A policy targets traffic of an agentgateway waypoint, which does not enforce it.',
  why: 'A waypoint of the class `istio-agentgateway-waypoint` runs agentgateway instead of Envoy. istiod sends no AuthorizationPolicy and no RequestAuthentication to it, so it allows every request. The status of the policy is still `WaypointAccepted: True`. ztunnel still enforces policies without `targetRefs`.',
  bad: `${SHOP}---
${COMPANION}---
${POLICY.replace('      name: api\n', '      name: api # ← its waypoint enforces no AuthorizationPolicy\n')}`.replace(
    'gatewayClassName: istio-waypoint',
    'gatewayClassName: istio-agentgateway-waypoint',
  ),
  good: `${SHOP}---
${COMPANION}---
${POLICY}`,
  fix: 'Use the class `istio-waypoint`, or replace the policy with a policy resource of agentgateway.',
  versions: 'since 1.31',
  references: [
    'istio/istio pilot/pkg/config/kube/agentgateway/agentgateway_controller.go:541',
    'istio/istio#60024',
  ],
}
