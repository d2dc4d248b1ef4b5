import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const networkPolicy = (ports: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes:
    - Ingress
  ingress:
    - ports:
${ports}`

const APP_PORT = '        - protocol: TCP\n          port: 8080\n'

export const networkPolicyBlocksHbonePage: RuleDocs = {
  summary:
    'A NetworkPolicy admits the ports of the application, but not TCP 15008, on which all traffic of the mesh arrives.',
  why: `Between captured pods ztunnel sends everything through a tunnel (HBONE) to port **15008** of the pod. The network plug-in sees that port only, never the port of the application. A NetworkPolicy from before the mesh therefore cuts off exactly the clients of the mesh: their connections time out. Only plaintext from outside still arrives on the application's port.

The same holds for egress: a captured client connects to port 15008 of the destination pods, or of their waypoint.`,
  bad: `${AMBIENT_SHOP}${networkPolicy(APP_PORT)}`,
  good: `${AMBIENT_SHOP}${networkPolicy(`${APP_PORT}        - protocol: TCP\n          port: 15008\n`)}`,
  fix: 'Add TCP 15008 to the ports. Whoever may connect there may connect to every port of the application: say who may do what with an AuthorizationPolicy.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/iptables/iptables.go:319-334',
    'istio/ztunnel src/config.rs:688',
  ],
}
