import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

export const waypointListenerPage: RuleDocs = {
  summary: 'A waypoint has no HBONE listener on port 15008.',
  why: `ztunnel reaches a waypoint on port 15008 and nowhere else. The Service that istiod makes for the Gateway has the ports of its listeners, so that without this one the port is missing there, and every connection that should pass the waypoint fails. A listener on that port with another protocol is not accepted (\`Expected a single listener on port 15008 with protocol "HBONE"\`), and its \`allowedRoutes\` are not read: only the waypoint's own namespace may use it.

A waypoint with its own inbound binding (\`ambient.istio.io/waypoint-inbound-binding\`) is not judged.`,
  bad: `${SHOP.replace('gatewayClassName: istio-waypoint', 'gatewayClassName: corp').replace('port: 15008', 'port: 8080')}---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp
spec:
  controllerName: istio.io/mesh-controller
`,
  good: SHOP,
  fix: 'Give the Gateway the listener that `istioctl waypoint generate` writes: port 15008, protocol `HBONE`.',
  references: [
    'istio/istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go (extractServicePorts)',
    'istio/istio pilot/pkg/config/kube/gateway/conversion.go (unexpectedWaypointListener)',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:608-663',
  ],
}
