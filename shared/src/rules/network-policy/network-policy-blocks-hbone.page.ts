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
    - ports:${ports}`

const APP_PORT = '\n        - protocol: TCP\n          port: 8080\n'

export const networkPolicyBlocksHbonePage: RuleDocs = {
  summary: 'A NetworkPolicy blocks mesh traffic, because it does not allow TCP 15008.',
  why: `Between captured pods, ztunnel sends all traffic through a tunnel (HBONE) to port **15008** of the pod. The CNI plugin sees only this port, never the port of the application. A NetworkPolicy for the application's ports therefore blocks all clients of the mesh, and their connections time out. Only plaintext from outside the mesh still uses the application's port.

For egress, a captured client connects to port 15008 of the destination pods or of their waypoint.`,
  bad: `${AMBIENT_SHOP}${networkPolicy(` # ← 15008 is missing${APP_PORT}`)}`,
  good: `${AMBIENT_SHOP}${networkPolicy(`${APP_PORT}        - protocol: TCP\n          port: 15008\n`)}`,
  fix: 'Allow TCP 15008. A client with access to this port can connect to every port of the application: restrict it with an AuthorizationPolicy.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/iptables/iptables.go:319-334',
    'istio/ztunnel src/config.rs:688',
  ],
}
