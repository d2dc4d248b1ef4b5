import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const negationAdmitsPlaintextPage: RuleDocs = {
  summary: 'An ALLOW rule that only excepts identities also admits clients that have none.',
  why: `A plaintext connection has no identity. Every \`principals\`, \`namespaces\` and \`serviceAccounts\` is false for it, and every \`notPrincipals\`, \`notNamespaces\` and \`notServiceAccounts\` is **true**. "Everybody but namespace dev" therefore includes everybody outside the mesh, and whoever in dev takes care to send plaintext, unless a PeerAuthentication or a DENY policy refuses plaintext.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: not-dev
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            notNamespaces: ["dev"]
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: not-dev
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["*"]
            notNamespaces: ["dev"]
`,
  fix: 'Ask for any identity beside the exception, `principals: ["*"]`, or refuse plaintext altogether with a PeerAuthentication of mode STRICT.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source',
  ],
}
