import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const negationAdmitsPlaintextPage: RuleDocs = {
  summary: 'An ALLOW rule that only excludes identities also allows plaintext clients.',
  why: `A plaintext connection has no identity. Every \`principals\`, \`namespaces\` and \`serviceAccounts\` is false for it; every \`notPrincipals\`, \`notNamespaces\` and \`notServiceAccounts\` is **true**. "Every client except those in namespace dev" therefore includes every client outside the mesh, and every client in dev that sends plaintext. Only a PeerAuthentication of mode STRICT or a DENY policy prevents this.`,
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
            notNamespaces: ["dev"] # ← also true for plaintext clients
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
  fix: 'Require an identity beside the exclusion: add `principals: ["*"]`. Or deny all plaintext with a PeerAuthentication of mode STRICT.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source',
  ],
}
