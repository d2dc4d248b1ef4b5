import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withRule = (rule: string): string =>
  `${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n${rule}`)}---\n${COMPANION}---\n${SHOP}`

export const ipBlocksAtWaypointPage: RuleDocs = {
  summary:
    "`ipBlocks` and `source.ip` have no value at a waypoint: it does not know the client's address.",
  why: `A waypoint receives requests from its own HBONE tunnel. There the peer address is \`envoy://internal_client_address/\`, not an IP address. So \`ipBlocks\` and \`source.ip\` never match, not even \`0.0.0.0/0\`: an ALLOW with them allows no client, and a DENY denies no client. \`notIpBlocks\` always match.

This was seen on Envoy 1.40 with the filters that Istio generates, and others report the same. Istio's own build of Envoy was not run.`,
  bad: withRule(
    '    - from:\n        - source:\n            ipBlocks: ["10.1.0.0/16"] # ← never matches\n',
  ),
  good: withRule('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
  fix: 'Use identities (`serviceAccounts`, `namespaces`). In the mesh, `remoteIpBlocks` is not a replacement: it compares `x-forwarded-for`, which any client can set. Use it only behind a proxy that overwrites this header.',
  references: [
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'istio/istio pilot/pkg/xds/listener_waypoint.go',
    'https://github.com/istio/istio/issues/46982',
  ],
}
