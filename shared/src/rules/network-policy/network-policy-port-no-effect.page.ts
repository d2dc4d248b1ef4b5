import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const TWO_PORTS = AMBIENT_SHOP.replace(
  '            - containerPort: 8080\n',
  '            - containerPort: 8080\n            - containerPort: 9090\n',
)

const NETWORK_POLICY = `apiVersion: networking.k8s.io/v1
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
          port: 8080
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
  summary:
    'The ports of a NetworkPolicy do not keep clients of the mesh from other ports of the pods.',
  why: 'A NetworkPolicy sees the traffic of the mesh on TCP 15008 only. Once that port is open to a client, the client reaches **every** port of the application through it; the other ports in the list restrict plaintext alone. What a client of the mesh may reach is for an AuthorizationPolicy to say, whose `ports` are those of the container.',
  bad: `${TWO_PORTS}${NETWORK_POLICY}`,
  good: `${TWO_PORTS}${NETWORK_POLICY}---
${PORTS}`,
  fix: 'Say with an AuthorizationPolicy which ports the clients may reach.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/iptables/iptables.go:319-334',
  ],
}
