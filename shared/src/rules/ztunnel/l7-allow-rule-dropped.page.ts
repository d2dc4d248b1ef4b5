import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const l7AllowRuleDroppedPage: RuleDocs = {
  summary: 'ztunnel drops an ALLOW rule that has an HTTP attribute: the rule allows nothing.',
  why: `ztunnel evaluates connections and does not see HTTP requests. istiod therefore drops every ALLOW rule that has an attribute beyond layer 4: methods, paths, hosts, request principals, \`remoteIpBlocks\`, and every \`when\` key except \`source.ip\`, \`source.namespace\`, \`source.principal\`, \`destination.ip\` and \`destination.port\`.

The policy itself stays, so its workloads are still deny-by-default. Traffic that only the dropped rule would allow is denied with \`allow policies exist, but none allowed\`. Other rules and other ALLOW policies keep their effect. The policy's status keeps \`ZtunnelAccepted: True\`; only the reason \`UnsupportedValue\` and the message mention the dropped rules.

A waypoint alone changes nothing: without \`targetRefs\` the destination ztunnel still enforces the policy, and the waypoint ignores it.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
      to:
        - operation:
            methods: ["GET"] # ← ztunnel drops the rule
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
            serviceAccounts: ["shop/web"]
`,
  fix: 'Enforce the policy at a waypoint: use `targetRefs` instead of `selector`. At the waypoint, `ports` are Service ports. Clients can still connect to the pods directly, so also allow only traffic from the waypoint at ztunnel. If the policy has layer 4 rules too, split it. Or remove the HTTP attribute together with its restriction.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy, handleRule)',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
