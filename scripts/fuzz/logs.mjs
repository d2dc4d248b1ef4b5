// Lines of logs: reading and explaining them must not throw, and `why` must not print them as commands.
import { explainLine, parseLogs } from '../../shared/src/index.ts'
import { analyse } from '../../shared/src/testing/checkFiles.ts'
import { MESH } from '../../server/src/cli/testing/commandMesh.ts'
import { FOLDER, problemOfOutput, run } from './commandLine.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { damaged, PIECES } from './pieces.mjs'

const ZTUNNEL =
  '2026-01-01T00:00:00.000001Z error access connection complete src.addr=10.0.0.1:4000 src.workload="web-5d6f7-abcde" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/web" dst.addr=10.0.0.2:15008 dst.hbone_addr=10.0.0.2:8080 dst.service="api.shop.svc.cluster.local" dst.workload="api-5d6f7-abcde" dst.namespace="shop" direction="inbound" bytes_sent=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: shop/readers"'
const LINES = [
  ZTUNNEL,
  `istio-system ztunnel-abcde istio-proxy ${ZTUNNEL}`,
  '{"level":"error","scope":"access","message":"connection complete","src.addr":"10.0.0.1:40000","src.identity":"spiffe://cluster.local/ns/shop/sa/web","dst.addr":"10.0.0.2:15008","dst.hbone_addr":"10.0.0.2:8080","dst.workload":"api-5d6f7-abcde","dst.namespace":"shop","direction":"inbound","error":"connection closed due to policy rejection: allow policies exist, but none allowed"}',
  '{"level":"info","time":"2026-08-14T13:52:16.492907Z","scope":"ztunnel::state","message":"no allow policies matched","proxy":{"wl":"shop/api-6cbcc86f5d-rfbvw"},"inbound":{"id":"2a","peer":"10.20.30.40:40422"}}',
  '2023-04-04T17:10:53Z  INFO outbound{id=22}: ztunnel::proxy::outbound: RBAC rejected conn=10.240.1.15(spiffe://cluster.local/ns/shop/sa/web)->10.240.1.11:9080',
  '2026-01-29T10:00:01Z\tinfo\tstate:proxy{wl=shop/api-7d5-x2x2x}:inbound{id=77 peer=10.1.1.1:41000}\tdeny policy match\tpolicy="shop/readers"',
  '[2026-01-01T00:00:00.000Z] "POST /a?b HTTP/1.1" 403 - rbac_access_denied_matched_policy[ns[shop]-policy[readers]-rule[0]] - "-" 0 19 0 - "-" "curl" "1" "api.shop" "-" inbound-vip|80|http|api.shop.svc.cluster.local - 10.96.0.1:80 10.0.0.1:40000 - default',
  '{"authority":"api.shop","method":"GET","path":"/","response_code":403,"response_code_details":"rbac_access_denied_matched_policy[none]","downstream_peer_uri_san":"spiffe://cluster.local/ns/shop/sa/web","route_name":"default","upstream_cluster":"inbound-vip|80|http|api.shop.svc.cluster.local;"}',
  "2026-01-01T00:00:00Z debug envoy rbac external/envoy/source/extensions/filters/http/rbac/rbac_filter.cc:114 checking request: requestedServerName: outbound_.80_._.api.shop, sourceIP: 10.0.0.1:4000, directRemoteIP: 10.0.0.1:4000, remoteIP: 10.0.0.1:4000, localAddress: 10.96.0.1:80, ssl: uriSanPeerCertificate: spiffe://cluster.local/ns/shop/sa/web, dnsSanPeerCertificate: , subjectPeerCertificate: , headers: ':authority', 'api.shop'\n':path', '/'\n':method', 'GET'",
  '2026-01-01T00:00:00Z debug envoy rbac enforced denied, matched policy ns[shop]-policy[readers]-rule[0]',
]
const MORE_PIECES = [
  ...PIECES,
  ...[
    'src.addr=',
    'dst.addr="',
    '}:inbound{',
    'proxy{wl=',
    'spiffe://',
    '/ns/',
    '/sa/',
    '|80|',
    '->',
  ],
  ...[
    '{"',
    '":',
    '":{"',
    '}',
    '403',
    '-1',
    '99999999999',
    '::1',
    '[::1]:80',
    'policy[',
    '-rule[',
    '\\"',
  ],
  ...['connection complete', 'checking request: ', 'no allow policies', '__proto__', 'constructor'],
]
/** Of these cases, one runs the command line. */
const COMMAND_OF = 50

let analysis

export const logs = {
  name: 'logs',
  count: 20_000,
  draw: (random) => ({
    context: { command: random.below(COMMAND_OF) === 0, json: random.chance(50) },
    parts: Array.from({ length: 1 + random.below(3) }, () =>
      damaged(random.pick(LINES), random, { pieces: MORE_PIECES }),
    ),
    units: 1,
  }),
  check({ context, parts }) {
    const text = parts.join('\n')
    analysis ??= analyse({ 'a.yaml': MESH }, { world: 'closed' })
    const count = text.split('\n').length
    const { lines, skipped } = parseLogs(text)
    const wrong = [...lines.map(({ line }) => line), ...skipped].find(
      (line) => !(line >= 1 && line <= count),
    )
    if (wrong !== undefined) return `Line ${wrong} is outside of the text.`
    for (const line of lines) explainLine(analysis.mesh, line, { withNearestMiss: true })
    return context.command ? why(text, context.json) : undefined
  },
  show: ({ parts }) => parts.join('\n'),
}

async function why(text, isJson) {
  const host = new MemoryDisk()
  host.files.set(`${FOLDER}/mesh/a.yaml`, MESH)
  const args = ['why', '-', 'mesh', ...(isJson ? ['--format', 'json'] : [])]
  return problemOfOutput(args, await run(host, args, text))
}
