import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const unmatchablePrincipalPage: RuleDocs = {
  summary: 'A principal can match no identity of the mesh.',
  why: `An identity is compared as \`<trust domain>/ns/<namespace>/sa/<service account>\`, letter by letter. A principal never matches when

- it starts with \`spiffe://\`: that prefix is taken off the identity only;
- it has a \`*\` anywhere but at its start or end: there it is a literal star;
- it has another shape, such as \`ns/shop/sa/web\` or \`shop/web\`;
- a policy of ztunnel names another trust domain than the mesh's: ztunnel knows no aliases, and \`cluster.local\` is no synonym there. (Sidecars and waypoints do expand both.)

The API server accepts all of them. In an ALLOW such a principal admits nobody, in a DENY it stops nobody.`,
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
            principals: ["spiffe://cluster.local/ns/shop/sa/web"]
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
  fix: 'Write the identity without `spiffe://` and with the trust domain of the mesh, or name the account in `serviceAccounts`, which needs no trust domain.',
  references: [
    'istio/ztunnel src/rbac.rs:266-274',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (stringToMatch)',
    'istio/istio pilot/pkg/security/trustdomain/bundle.go:54-120',
  ],
}
