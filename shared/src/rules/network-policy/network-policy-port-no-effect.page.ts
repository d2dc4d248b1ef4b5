import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const TWO_PORTS = AMBIENT_SHOP.replace(
  '            - containerPort: 8080\n',
  '            - containerPort: 8080\n            - containerPort: 9090\n',
)

const networkPolicy = (mark = ''): string => `apiVersion: networking.k8s.io/v1
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
        - protocol: TCP
          port: 8080${mark}
        - protocol: TCP
          port: 15008
`

const PORTS = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - to:
        - operation:
            ports: ["8080"]
`

export const networkPolicyPortNoEffectPage: RuleDocs = {
  summary: 'The ports or peers of a NetworkPolicy do not restrict mesh clients.',
  why: 'A NetworkPolicy sees mesh traffic only on TCP 15008. If it allows this port, mesh clients can reach **every** port of the application through it. The other ports, in this rule or in another one, restrict only plaintext. Where a rule of its own allows TCP 15008 for all peers, the peers of the other rules restrict only plaintext too. To restrict mesh clients, use an AuthorizationPolicy, whose `ports` are container ports.',
  bad: `${TWO_PORTS}${networkPolicy(' # ← restricts only plaintext')}`,
  good: `${TWO_PORTS}${networkPolicy()}---
${PORTS}`,
  fix: 'Add an AuthorizationPolicy with the allowed ports and clients.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/iptables/iptables.go:319-334',
  ],
}
