import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const unmatchableIpBlockPage: RuleDocs = {
  summary: 'An address block of a ztunnel policy can match no connection.',
  why: `The API server accepts every block that Go can parse, but some never match:

- **IPv4-mapped IPv6** (\`::ffff:10.0.0.0/104\`): ztunnel turns the addresses of IPv4 connections into plain IPv4, and an IPv4 address is in no IPv6 block;
- **loopback** (\`127.0.0.0/8\`, \`::1\`): such traffic stays in the pod and never reaches ztunnel;
- the **unspecified** address and **multicast**: no TCP connection has them.

In an ALLOW such a block admits nobody, in a DENY it stops nobody.`,
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
            ipBlocks: ["::ffff:10.1.0.0/112"]
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
  fix: 'Write the block as IPv4.',
  references: [
    'istio/ztunnel src/socket.rs:46-50',
    'istio/ztunnel src/rbac.rs (matches)',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (stringToIP)',
    'istio/istio cni/pkg/iptables/iptables.go',
  ],
}
