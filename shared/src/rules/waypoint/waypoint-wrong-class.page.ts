import type { RuleDocs } from '../rule.js'
import { SHOP, withServiceLabel } from '../support/examples.js'

const STOREFRONT = `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: public
spec:
  controllerName: istio.io/gateway-controller
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: storefront
  namespace: shop
spec:
  gatewayClassName: public
  listeners:
    - name: http
      port: 80
      protocol: HTTP
`

export const waypointWrongClassPage: RuleDocs = {
  summary: 'An `istio.io/use-waypoint` label names a Gateway that is not a waypoint.',
  why: `istiod accepts any Gateway of this name and of any class, and the status says that it is attached. ztunnel then sends the traffic to port 15008 of a proxy that does not listen there, and the traffic fails. If the Gateway has no address, there is no waypoint, and no L7 policy is enforced.

These Gateways are waypoints: those of the classes \`istio-waypoint\` and \`istio-agentgateway-waypoint\`, and those of a GatewayClass with the controller \`istio.io/mesh-controller\`. Gateways of classes that Istio does not define are not checked.`,
  bad: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: storefront # ← not a waypoint')}---\n${STOREFRONT}`,
  good: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')}---\n${STOREFRONT}`,
  fix: 'Name a waypoint, or create one.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:354-393',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/classinfo.go:64-191',
  ],
}
