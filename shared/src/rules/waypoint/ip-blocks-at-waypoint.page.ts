import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withRule = (rule: string): string =>
  `${SHOP}---\n${COMPANION}---\n${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n${rule}`)}`

export const ipBlocksAtWaypointPage: RuleDocs = {
  summary:
    "A policy at a waypoint asks for the client's address, which no waypoint sees: `ipBlocks` never match there.",
  why: `A waypoint takes requests from its own HBONE tunnel, where the peer's address is \`envoy://internal_client_address/\` and no IP address. So \`ipBlocks\` and \`source.ip\` match nothing there, not even \`0.0.0.0/0\`: what an ALLOW admits by address it does not admit, what a DENY stops by address it does not stop. \`notIpBlocks\` hold for everybody.

This was seen on Envoy 1.40 with the filters that Istio generates, and is what others report; Istio's own build of Envoy was not run.`,
  bad: withRule('    - from:\n        - source:\n            ipBlocks: ["10.1.0.0/16"]\n'),
  good: withRule('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
  fix: 'Name the clients by identity. `remoteIpBlocks` are no replacement inside the mesh: they look at `x-forwarded-for`, which the caller writes; use them only behind a proxy that overwrites this header.',
  references: [
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'istio/istio pilot/pkg/xds/listener_waypoint.go',
    'https://github.com/istio/istio/issues/46982',
  ],
}
