import type { RuleDocs } from '../rule.js'

export const selectorAndTargetRefsPage: RuleDocs = {
  summary: 'A policy says in two ways what it is attached to.',
  why: 'Of `selector`, `targetRef` and `targetRefs` at most one may be present, an empty one included: the API server refuses the object with `only one of targetRefs or selector can be set`, and what it should enforce is not enforced. (Where validation is off, ztunnel ignores such a policy and a waypoint goes by its `targetRefs`.)',
  bad: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
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
  fix: 'Keep `targetRefs` for what a waypoint or gateway shall enforce, `selector` for what ztunnel shall.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (x-kubernetes-validations of spec)',
    'istio/istio pkg/config/validation/validation.go (validateOneOfSelectorType)',
  ],
}
