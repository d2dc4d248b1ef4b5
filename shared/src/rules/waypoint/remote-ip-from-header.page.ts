import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withSource = (source: string): string =>
  `${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n    - from:\n        - source:\n${source}`)}---\n${COMPANION}---\n${SHOP}`

const BLOCKS = '            remoteIpBlocks: ["203.0.113.0/24"]'

export const remoteIpFromHeaderPage: RuleDocs = {
  summary:
    '`remoteIpBlocks` at a waypoint trusts X-Forwarded-For, which any client in the mesh can set.',
  why: `At a waypoint, \`remoteIpBlocks\` and \`remote.ip\` compare the last entry of the \`x-forwarded-for\` header or, without this header, the address of the client's pod. The waypoint does not check or overwrite the header.

An ingress gateway sets the header correctly. But workloads of the mesh can call the waypoint directly and set any address in the header. So an address alone does not restrict them.`,
  bad: withSource(`${BLOCKS} # ← any client can set it\n`),
  good: withSource(`            serviceAccounts: ["ingress/public-istio"]\n${BLOCKS}\n`),
  fix: 'Also require the identity of the ingress gateway that sets the header: in the same `source`, or in a condition of the same rule.',
  references: [
    'istio/istio pilot/pkg/xds/listener_waypoint.go',
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-for',
  ],
}
