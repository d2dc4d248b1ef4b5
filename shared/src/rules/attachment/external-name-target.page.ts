import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const ALIAS = `apiVersion: v1
kind: Service
metadata:
  name: backend
  namespace: shop
spec:
  type: ExternalName
  externalName: api.shop.svc.cluster.local
---
`

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

export const externalNameTargetPage: RuleDocs = {
  summary: 'A policy targets a Service of type ExternalName: it is not enforced.',
  why: 'A Service of type `ExternalName` is only another name in DNS. Ambient mode ignores it: it has no address, and no waypoint has a filter chain for it. Clients connect to the host behind the name, and no policy for the name applies. The status of the policy still says `WaypointAccepted: True` if the labels of the Service or of its namespace select a waypoint.',
  bad: `${SHOP}---
${COMPANION}---
${ALIAS}${policyFor('backend # ← only another name')}`,
  good: `${SHOP}---
${COMPANION}---
${ALIAS}${policyFor('api')}`,
  fix: 'Target the Service behind the name. For a host outside of the cluster, replace the Service with a ServiceEntry that is bound to a waypoint, and target that.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:258-265',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
