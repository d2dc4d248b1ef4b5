import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const policyFor = (service: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: ${service}
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

export const targetNotFoundPage: RuleDocs = {
  summary: 'A policy targets an object that does not exist, so nothing enforces it.',
  why: `A policy with \`targetRefs\` is never sent to ztunnel; only the waypoint of its target enforces it. A Service, ServiceEntry or Gateway is looked up in the policy's own namespace. Where it is missing, the status says \`TargetNotFound\` and the traffic flows as if there were no policy.`,
  bad: `${SHOP}---
${COMPANION}---
${policyFor('apii')}`,
  good: `${SHOP}---
${COMPANION}---
${policyFor('api')}`,
  fix: 'Name the object as it is called, or move the policy to the namespace of its target.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
