import type { RuleDocs } from '../rule.js'

export const selectorAndTargetRefsPage: RuleDocs = {
  summary: '`selector` and `targetRefs` cannot be used together.',
  why: 'A policy may have only one of `selector`, `targetRef` and `targetRefs`; an empty one counts too. The API server rejects the policy with `only one of targetRefs or selector can be set`, so it is not enforced. (Without validation, ztunnel ignores the policy and a waypoint uses its `targetRefs`.)',
  bad: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  targetRefs: # ← not together with selector
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`,
  good: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`,
  fix: 'Keep `targetRefs` if a waypoint or gateway must enforce the policy, or `selector` if ztunnel must enforce it.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (x-kubernetes-validations of spec)',
    'istio/istio pkg/config/validation/validation.go (validateOneOfSelectorType)',
  ],
}
