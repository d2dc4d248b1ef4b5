import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withToken = (mark = ''): string =>
  `${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n    - from:\n        - source:\n            requestPrincipals: ["https://issuer.example/*"]${mark}\n`)}---\n${COMPANION}---\n${SHOP}`

export const jwtRuleWithoutRequestAuthenticationPage: RuleDocs = {
  summary:
    'Token attributes never match at a waypoint: no RequestAuthentication verifies tokens there.',
  why: `\`requestPrincipals\` and \`request.auth.*\` compare verified tokens, not the token that the client sends. A waypoint verifies tokens only with a RequestAuthentication with \`targetRefs\` to the same Service, to the waypoint or, in the root namespace, to the GatewayClass \`istio-waypoint\`.

Without one, these attributes never match: an ALLOW with them allows no client, and a DENY denies no client. \`notRequestPrincipals\` always matches.`,
  bad: withToken(' # ← never matches'),
  good: `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  targetRefs:
${TARGETS_API}  jwtRules:
    - issuer: "https://issuer.example"
---
${withToken()}`,
  fix: 'Add a RequestAuthentication for the same target. A waypoint ignores one with a `selector`, or without `targetRefs`.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'https://istio.io/latest/docs/reference/config/security/request_authentication/',
  ],
}
