import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const INSTALL = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    serviceEntryVisibility:
      defaultVisibility: NAMESPACE
---
`
const EGRESS = `apiVersion: v1
kind: Namespace
metadata:
  name: egress
  labels:
    istio.io/dataplane-mode: ambient
---
`

/** A waypoint and the ServiceEntry that uses it. */
const exitIn = (
  namespace: string,
  comment = '',
): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: exit
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments${comment}
  namespace: ${namespace}
  labels:
    istio.io/use-waypoint: exit
spec:
  hosts: [api.payments.example]
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - name: http
      number: 80
      protocol: HTTP
`

export const serviceEntryVisibilityPage: RuleDocs = {
  summary: 'Clients of other namespaces do not see a ServiceEntry, and so bypass its waypoint.',
  why: '`meshConfig.serviceEntryVisibility` sets the visibility of the ServiceEntries of each namespace. With `NAMESPACE`, ztunnel uses a ServiceEntry only for clients of its own namespace. The connections of other clients go directly to the host and bypass the waypoint and its policies. With `NONE`, istiod ignores the ServiceEntry.\n\nThe condition `istio.io/VisibilityApplied` of the ServiceEntry shows the visibility. `exportTo` does not change it. If no policy restricts access at the waypoint, the level is *information*.',
  bad: `${INSTALL}${EGRESS}${AMBIENT_SHOP}${exitIn('egress', ' # ← clients of namespace shop do not see it')}`,
  good: `${INSTALL}${AMBIENT_SHOP}${exitIn('shop')}`,
  fix: 'Define the ServiceEntry and its waypoint in the namespace of the clients. Or give the namespace of the ServiceEntry the visibility `PUBLIC`, with an entry in `meshConfig.serviceEntryVisibility.policies`.',
  versions: 'since 1.31',
  references: [
    'istio/istio pilot/pkg/model/serviceentry_visibility.go',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:495-513',
    'istio/ztunnel src/state/service.rs:290-296',
  ],
}
