import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const policyFor = (service: string, mark = ''): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: ${service}${mark}
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

export const targetNotFoundPage: RuleDocs = {
  summary: 'A policy targets an object that does not exist: it is not enforced.',
  why: `istiod never sends a policy with \`targetRefs\` to ztunnel. Only the waypoint of its target enforces it. istiod looks for the Service, ServiceEntry or Gateway in the namespace of the policy. If it does not exist, the status has \`WaypointAccepted: False\` with reason \`TargetNotFound\`, and the traffic is allowed as if the policy did not exist.`,
  bad: `${SHOP}---
${COMPANION}---
${policyFor('apii', ' # ← does not exist')}`,
  good: `${SHOP}---
${COMPANION}---
${policyFor('api')}`,
  fix: 'Correct the name of the target, or move the policy to the namespace of its target.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
