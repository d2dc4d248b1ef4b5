import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const networkPolicy = (peers: string, mark = ''): string => `apiVersion: networking.k8s.io/v1
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
    - from:${mark}
        - podSelector:
            matchLabels:
              app: web
${peers}      ports:
        - protocol: TCP
          port: 15008
`

export const networkPolicyBlocksWaypointPage: RuleDocs = {
  summary:
    'A NetworkPolicy blocks traffic between a waypoint and its pods, or between clients and the waypoint.',
  why: `Traffic through a waypoint reaches the pods from the **pods of the waypoint**, not from the client. A NetworkPolicy that allows only the clients does not allow the waypoint, and all traffic through it times out.

The pods of a waypoint also need these connections: from clients on TCP 15008, to istiod on TCP 15012, and to the pods behind it on TCP 15008. A policy for the whole namespace, such as a default deny, also selects these pods.`,
  bad: `${SHOP}---
${COMPANION}---
${networkPolicy('', ' # ← the waypoint is missing')}`,
  good: `${SHOP}---
${COMPANION}---
${networkPolicy(`        - podSelector:
            matchLabels:
              gateway.networking.k8s.io/gateway-name: waypoint
`)}`,
  fix: 'Allow pods with the label `gateway.networking.k8s.io/gateway-name` of the waypoint.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/istio manifests/charts/istio-control/istio-discovery/files/waypoint.yaml',
  ],
}
