import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

export const targetKindNotSupportedPage: RuleDocs = {
  summary: 'A targetRef names a kind of object that no policy can target.',
  why: "A policy can target a Service (core group), a ServiceEntry (`networking.istio.io`), a Gateway or a GatewayClass (`gateway.networking.k8s.io`). Kind and group are compared to the letter, and a group without its kind is another group: `kind: Gateway` without `group` is a Gateway of the core group, which does not exist. Everything else is refused by istiod's webhook, so nothing of the policy is enforced.",
  bad: allowGetAt(`    - kind: Gateway
      name: waypoint
    - kind: GatewayClass
      group: networking.k8s.io
      name: istio-waypoint
    - kind: Service
      group: v1
      name: api
    - kind: ServiceEntry
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
  fix: "Write the group that belongs to the kind. To speak of a Deployment's pods at ztunnel, use `selector`; for HTTP, target the Service before them.",
  references: [
    'istio/istio pkg/config/validation/validation.go (validatePolicyTargetReference)',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
