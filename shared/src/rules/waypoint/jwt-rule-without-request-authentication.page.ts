import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const WITH_TOKEN = `${SHOP}---\n${COMPANION}---\n${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, '  rules:\n    - from:\n        - source:\n            requestPrincipals: ["https://issuer.example/*"]\n')}`

export const jwtRuleWithoutRequestAuthenticationPage: RuleDocs = {
  summary:
    'A policy at a waypoint asks for a token that no RequestAuthentication verifies there, so it finds none.',
  why: '`requestPrincipals` and `request.auth.*` look at what the waypoint has verified, not at what the client has sent. Only a RequestAuthentication with `targetRefs` to the same Service, to its waypoint or (in the root namespace) to the class `istio-waypoint` makes a waypoint verify tokens. Without one these attributes never match, whatever token comes: an ALLOW admits nobody by them, a DENY stops nobody, and `notRequestPrincipals` holds for everybody.',
  bad: WITH_TOKEN,
  good: `${WITH_TOKEN}---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  targetRefs:
${TARGETS_API}  jwtRules:
    - issuer: "https://issuer.example"
`,
  fix: 'Add a RequestAuthentication for the same target. One with a `selector`, or for the whole namespace, does not count at a waypoint.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'https://istio.io/latest/docs/reference/config/security/request_authentication/',
  ],
}
