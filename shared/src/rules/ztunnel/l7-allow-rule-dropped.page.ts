import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const l7AllowRuleDroppedPage: RuleDocs = {
  summary: 'ztunnel drops an ALLOW rule that has an HTTP attribute: the rule allows nothing.',
  why: `An ALLOW rule with an HTTP attribute allows nothing, because ztunnel evaluates connections and does not see HTTP requests. istiod removes the rule before it sends the policy to ztunnel. (The messages of this program say that ztunnel *drops* the rule.) HTTP attributes are methods, paths, hosts, request principals, \`remoteIpBlocks\`, and every \`when\` key except \`source.ip\`, \`source.namespace\`, \`source.principal\`, \`destination.ip\` and \`destination.port\`.

The policy itself is still enforced without this rule. If no other rule and no other ALLOW policy allows a connection, ztunnel denies it and logs \`allow policies exist, but none allowed\`. The status of the policy is \`ZtunnelAccepted: True\`. Only its reason (\`UnsupportedValue\`) and its message mention the dropped rules.

A waypoint alone does not help: if the policy has no \`targetRefs\`, the ztunnel of the destination enforces it, and the waypoint ignores it.`,
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
  fix: `Choose one:

- Enforce the policy at a waypoint: use \`targetRefs\` instead of \`selector\`, and write Service ports in \`ports\`. Add a second policy that allows only traffic from the waypoint at ztunnel, so that clients cannot bypass the waypoint. If the policy also has rules without HTTP attributes, move them to a separate policy with the \`selector\`.
- If there is no waypoint, remove the HTTP attribute. The rule then allows all requests of its clients.`,
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy, handleRule)',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
