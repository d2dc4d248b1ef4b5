import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const l7AllowRuleDroppedPage: RuleDocs = {
  summary:
    'An ALLOW rule with an HTTP attribute is enforced by ztunnel, which drops the whole rule.',
  why: `ztunnel judges connections and sees no HTTP. istiod therefore omits every rule of an ALLOW policy that has an attribute beyond layer 4: methods, paths, hosts, request principals, \`remoteIpBlocks\`, and every \`when\` key but \`source.ip\`, \`source.namespace\`, \`source.principal\`, \`destination.ip\` and \`destination.port\`.

The policy itself stays and makes its workloads deny-by-default: what only the dropped rule would have admitted is refused with \`allow policies exist, but none allowed\`. Other rules and other ALLOW policies still admit what they admit. The policy's status stays \`Accepted: True\`.

Installing a waypoint changes nothing as long as the policy has no \`targetRefs\`: the destination ztunnel goes on judging by it, and the waypoint does not look at it.`,
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
            methods: ["GET"]
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
  fix: `Bind the policy to a waypoint with \`targetRefs\`; at the waypoint, \`ports\` are Service ports. Direct traffic to the pods passes no waypoint: add a policy that admits only the waypoint at ztunnel. Where other rules of the policy are for layer 4, split it. Or remove the HTTP attribute, and with it the restriction.`,
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy, handleRule)',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
