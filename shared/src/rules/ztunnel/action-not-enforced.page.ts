import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const actionNotEnforcedPage: RuleDocs = {
  summary: 'ztunnel does not support CUSTOM or AUDIT: the policy is not enforced.',
  why: `ztunnel supports only ALLOW and DENY. istiod does not send it a policy with the action CUSTOM or AUDIT: no external authorizer is called, nothing is logged, and the traffic is allowed as if the policy did not exist. The policy's status has \`ZtunnelAccepted: False\` with the message \`ztunnel does not support the CUSTOM action\`.

A waypoint supports both actions, for policies with \`targetRefs\`.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ask-authorizer
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: CUSTOM # ← not supported by ztunnel
  provider:
    name: authorizer
  rules:
    - to:
        - operation:
            paths: ["/admin"]
`,
  good: `${SHOP_BEHIND_WAYPOINT}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ask-authorizer
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: CUSTOM
  provider:
    name: authorizer
  rules:
    - to:
        - operation:
            paths: ["/admin"]
`,
  fix: 'Enforce the policy at a waypoint: use `targetRefs` instead of `selector`.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
