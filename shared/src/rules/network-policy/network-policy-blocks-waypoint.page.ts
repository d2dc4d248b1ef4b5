import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const networkPolicy = (peers: string): string => `apiVersion: networking.k8s.io/v1
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
    - from:
        - podSelector:
            matchLabels:
              app: web
${peers}      ports:
        - protocol: TCP
          port: 15008
`

export const networkPolicyBlocksWaypointPage: RuleDocs = {
  summary: 'A NetworkPolicy keeps a waypoint from its pods, or clients from the waypoint.',
  why: `What comes through a waypoint arrives at the pods from the **pods of the waypoint**, not from the client. A NetworkPolicy that admits the clients by their labels does not admit the waypoint, and everything that goes through it times out.

The pods of a waypoint need connections of their own: from clients on TCP 15008, to istiod on TCP 15012, and to the pods behind it on TCP 15008. A policy for a whole namespace, such as a default deny, selects them too.`,
  bad: `${SHOP}---
${COMPANION}---
${networkPolicy('')}`,
  good: `${SHOP}---
${COMPANION}---
${networkPolicy(`        - podSelector:
            matchLabels:
              gateway.networking.k8s.io/gateway-name: waypoint
`)}`,
  fix: 'Admit the pods that have the label `gateway.networking.k8s.io/gateway-name` of the waypoint.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/istio manifests/charts/istio-control/istio-discovery/files/waypoint.yaml',
  ],
}
