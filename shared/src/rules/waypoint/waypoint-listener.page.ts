import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

export const waypointListenerPage: RuleDocs = {
  summary: 'A waypoint has no HBONE listener on port 15008.',
  why: `ztunnel connects to a waypoint only on port 15008. The Service that istiod creates for the Gateway has the ports of its listeners. Without this listener the port is missing, and every connection to the waypoint fails.

A listener on port 15008 with another protocol is not accepted (\`Expected a single listener on port 15008 with protocol "HBONE"\`). istiod then ignores its \`allowedRoutes\`, and only the waypoint's own namespace can use the waypoint.

A waypoint with an inbound binding (\`ambient.istio.io/waypoint-inbound-binding\`) is not checked.`,
  bad: `${SHOP.replace('gatewayClassName: istio-waypoint', 'gatewayClassName: corp').replace('port: 15008', 'port: 8080 # ← must be 15008')}---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp
spec:
  controllerName: istio.io/mesh-controller
`,
  good: SHOP,
  fix: 'Add the listener that `istioctl waypoint generate` writes: port 15008, protocol `HBONE`.',
  references: [
    'istio/istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go (extractServicePorts)',
    'istio/istio pilot/pkg/config/kube/gateway/conversion.go (unexpectedWaypointListener)',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:608-663',
  ],
}
