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
  summary: 'An `istio.io/use-waypoint` label names a Gateway that is no waypoint.',
  why: `istiod takes any Gateway of that name, whatever its class, and the status says that it is attached. ztunnel then sends the traffic to port 15008 of a proxy that does not listen there, and it fails; where the Gateway has no address, there is no waypoint and no policy of layer 7 is enforced.

Only Gateways of the classes \`istio-waypoint\` and \`istio-agentgateway-waypoint\`, or of a GatewayClass whose controller is \`istio.io/mesh-controller\`, are waypoints. Classes that are not Istio's are not judged.`,
  bad: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: storefront')}---\n${STOREFRONT}`,
  good: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')}---\n${STOREFRONT}`,
  fix: 'Name a waypoint, or create one.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:354-393',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/classinfo.go:64-191',
  ],
}
