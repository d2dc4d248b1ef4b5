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
  why: `A NetworkPolicy that allows only the ports of the application blocks all clients of the mesh: their connections time out. Between pods in ambient mode, ztunnel sends all traffic through a tunnel (HBONE) to port **15008** of the destination pod. The network plugin that enforces the NetworkPolicy sees only this port, not the port of the application. Only plaintext from outside the mesh uses the port of the application.

A NetworkPolicy for egress must allow port 15008 too: a client in ambient mode connects to port 15008 of the destination pods or of their waypoint.`,
  bad: `${AMBIENT_SHOP}${networkPolicy(` # ← 15008 is missing${APP_PORT}`)}`,
  good: `${AMBIENT_SHOP}${networkPolicy(`${APP_PORT}        - protocol: TCP\n          port: 15008\n`)}`,
  fix: 'Allow TCP 15008 in the NetworkPolicy. A client that can connect to this port can use every port of the application. To restrict the ports, add an AuthorizationPolicy.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/iptables/iptables.go:319-334',
    'istio/ztunnel src/config.rs:688',
  ],
}
