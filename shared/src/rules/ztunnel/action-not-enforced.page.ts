import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const actionNotEnforcedPage: RuleDocs = {
  summary: 'A policy with the action CUSTOM or AUDIT is meant for ztunnel, which knows neither.',
  why: "ztunnel only allows and denies. istiod does not send it a policy with the action CUSTOM or AUDIT: no external authorizer is asked, nothing is logged, and the traffic passes as if the policy were not there. The policy's status says `ztunnel does not support the CUSTOM action`. A waypoint does enforce both, where the policy targets it.",
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ask-authorizer
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: CUSTOM
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
  fix: 'Bind the policy to a waypoint with `targetRefs`.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
