import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const withSource = (source: string): string =>
  `${SHOP}---\n${COMPANION}---\n${allowGetAt(TARGETS_API).replace(/ {2}rules:[^]*/, `  rules:\n    - from:\n        - source:\n${source}`)}`

const BLOCKS = '            remoteIpBlocks: ["203.0.113.0/24"]\n'

export const remoteIpFromHeaderPage: RuleDocs = {
  summary:
    'A policy at a waypoint goes by the forwarded address of its client, which any caller in the mesh can write.',
  why: 'At a waypoint `remoteIpBlocks` and `remote.ip` look at the last entry of the `x-forwarded-for` header, and a waypoint trusts whoever calls it: it counts no proxies and overwrites nothing. An ingress gateway writes the header truly, but workloads of the mesh call the waypoint without one, and put into the header what they like. Alone, an address keeps nobody of them out.',
  bad: withSource(BLOCKS),
  good: withSource(`            serviceAccounts: ["ingress/public-istio"]\n${BLOCKS}`),
  fix: 'Say in the same `source` (or a condition of the same rule) who may call: the identity of the ingress gateway that writes the header.',
  references: [
    'istio/istio pilot/pkg/xds/listener_waypoint.go',
    'istio/istio pilot/pkg/security/authz/model/generator.go',
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-for',
  ],
}
