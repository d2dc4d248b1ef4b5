import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

export const targetKindNotSupportedPage: RuleDocs = {
  summary: 'A policy cannot target this kind of object: the API server rejects it.',
  why: "A policy can target a Service (core group), a ServiceEntry (`networking.istio.io`), a Gateway or a GatewayClass (`gateway.networking.k8s.io`). Kind and group must match exactly. A missing `group` is the core group, so `kind: Gateway` without `group` is a Gateway of the core group, which does not exist. istiod's webhook rejects every other target, so the policy is not enforced.",
  bad: allowGetAt(`    - kind: Gateway # ← no group
      name: waypoint
    - kind: GatewayClass # ← wrong group
      group: networking.k8s.io
      name: istio-waypoint
    - kind: Service # ← wrong group
      group: v1
      name: api
    - kind: ServiceEntry # ← no group
      name: payments
`),
  alsoFires: ['invalid-resource'],
  good: allowGetAt(`    - kind: Gateway
      group: gateway.networking.k8s.io
      name: waypoint
    - kind: Service
      group: ""
      name: api
    - kind: ServiceEntry
      group: networking.istio.io
      name: payments
`),
  fix: 'Set the group of the kind. For the pods of a Deployment, use `selector` at ztunnel, or target their Service for HTTP rules.',
  references: [
    'istio/istio pkg/config/validation/validation.go (validatePolicyTargetReference)',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
