import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const unmatchableIpBlockPage: RuleDocs = {
  summary: 'An IP block of a ztunnel policy never matches.',
  why: `The API server accepts every block that Go can parse. Some of them never match a connection:

- **IPv4-mapped IPv6** (\`::ffff:10.0.0.0/104\`): ztunnel uses the plain IPv4 address of an IPv4 connection, and an IPv4 address is in no IPv6 block;
- **loopback** (\`127.0.0.0/8\`, \`::1\`): this traffic stays in the pod and does not reach ztunnel;
- the **unspecified** address and **multicast**: TCP connections do not have such addresses.

With such a block alone, an ALLOW allows nothing and a DENY denies nothing.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-office
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: ["::ffff:10.1.0.0/112"] # ← never matches
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-office
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: ["10.1.0.0/16"]
`,
  fix: 'Write the block as IPv4, or remove it.',
  references: [
    'istio/ztunnel src/socket.rs:46-50',
    'istio/ztunnel src/rbac.rs (matches)',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (stringToIP)',
    'istio/istio cni/pkg/iptables/iptables.go',
  ],
}
