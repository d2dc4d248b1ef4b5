import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const unmatchablePrincipalPage: RuleDocs = {
  summary: 'A principal never matches an identity of the mesh.',
  why: `A proxy compares a principal with the identity \`<trust domain>/ns/<namespace>/sa/<service account>\`, character by character. A principal never matches if

- it starts with \`spiffe://\`: this prefix is removed from the identity only;
- it has a \`*\` in the middle: only a \`*\` at the start or end is a wildcard;
- it has another form, such as \`ns/shop/sa/web\` or \`shop/web\`;
- ztunnel enforces the policy and the principal has another trust domain than the mesh: ztunnel knows no trust domain aliases and does not replace \`cluster.local\`. (Sidecars and waypoints do both.)

The API server accepts all of them. In an ALLOW such a principal allows nothing, in a DENY it denies nothing.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["spiffe://cluster.local/ns/shop/sa/web"] # ← without spiffe://
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["cluster.local/ns/shop/sa/web"]
`,
  fix: 'Write the identity without `spiffe://` and with the trust domain of the mesh. Or use `serviceAccounts`, which needs no trust domain.',
  references: [
    'istio/ztunnel src/rbac.rs:266-274',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (stringToMatch)',
    'istio/istio pilot/pkg/security/trustdomain/bundle.go:54-120',
  ],
}
