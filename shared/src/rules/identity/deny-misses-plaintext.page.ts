import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const DENY_DEV = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-dev
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            namespaces: ["dev"]
`

export const denyMissesPlaintextPage: RuleDocs = {
  summary: 'A DENY by identity does not stop clients that have no identity.',
  why: 'A plaintext connection has no identity, so no `principals`, `namespaces` or `serviceAccounts` of a DENY matches it. Where the workload accepts plaintext, a client that is kept out by its identity gets in by leaving the mesh: a pod that opts out of ambient, a pod on the host network, a caller from another cluster.',
  bad: `${AMBIENT_SHOP}${DENY_DEV}`,
  good: `${MESH_STRICT}${AMBIENT_SHOP}${DENY_DEV}`,
  fix: 'Refuse plaintext with a PeerAuthentication of mode STRICT, or with one more rule in the DENY: `notPrincipals: ["*"]`.',
  references: ['istio/ztunnel src/rbac.rs:86-209', 'istio/ztunnel src/state.rs (assert_rbac)'],
}
