import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withRule = (rule: string): string =>
  `${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n${rule}`)}---\n${COMPANION}---\n${SHOP}`

export const ipBlocksAtWaypointPage: RuleDocs = {
  summary:
    "`ipBlocks` and `source.ip` have no value at a waypoint: it does not see the client's address.",
  why: `\`ipBlocks\` and \`source.ip\` never match, not even \`0.0.0.0/0\`: an ALLOW rule with them allows no client, and a DENY rule denies no client. \`notIpBlocks\` always matches. The reason: inside the waypoint, Envoy passes each request from the HBONE tunnel to an internal listener. For this listener, the client address is \`envoy://internal_client_address/\`, not an IP address.

This was tested with Envoy 1.40 and the filters that Istio generates, but not with Istio's own build of Envoy. The issue in the references reports the same effect.`,
  bad: withRule(
    '    - from:\n        - source:\n            ipBlocks: ["10.1.0.0/16"] # ← never matches\n',
  ),
  good: withRule('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
  fix: 'Use identities: `serviceAccounts` or `namespaces`. Do not replace `ipBlocks` with `remoteIpBlocks`: it compares the header `x-forwarded-for`, which any client in the mesh can set. It is safe only behind a proxy that overwrites this header.',
  references: [
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'istio/istio pilot/pkg/xds/listener_waypoint.go',
    'https://github.com/istio/istio/issues/46982',
  ],
}
