import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const denyDev = (mark = ''): string => `apiVersion: security.istio.io/v1
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
            namespaces: ["dev"]${mark}
`

export const denyMissesPlaintextPage: RuleDocs = {
  summary: 'A DENY on identities does not apply to plaintext clients.',
  why: 'A plaintext connection has no identity, so `principals`, `namespaces` and `serviceAccounts` of a DENY never match it. If the workload accepts plaintext, a denied client can bypass the DENY by leaving the mesh: as a pod outside ambient mode, as a pod on the host network, or from outside the cluster.',
  bad: `${AMBIENT_SHOP}${denyDev(' # ← plaintext clients have no namespace')}`,
  good: `${MESH_STRICT}${AMBIENT_SHOP}${denyDev()}`,
  fix: 'Deny plaintext with a PeerAuthentication of mode STRICT, or add a rule with `notPrincipals: ["*"]` to the DENY policy.',
  references: ['istio/ztunnel src/rbac.rs:86-209', 'istio/ztunnel src/state.rs (assert_rbac)'],
}
