import { describe, expect, it } from 'vitest'
import { summaryOfLine as summary } from '../testing/lineSummary.js'

/**
 * Lines as people show them in public reports, with other names. The second part is what a reader takes from them:
 * proxy, verdict, decision, client and destination.
 */
const REPORTED: readonly (readonly [line: string, summary: string])[] = [
  [
    '2024-10-30T11:49:40.421833Z error access connection complete src.addr=192.168.240.64:55909 dst.addr=192.168.14.30:5050 dst.service="ledger.bank.svc.cluster.local" dst.workload="ledger-68cc96bd7b-vfkgk" dst.namespace="bank" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | plaintext 192.168.240.64 -> bank/ledger-68cc96bd7b-vfkgk:5050',
  ],
  [
    '2025-03-14T08:38:10.194689Z     error   access  connection complete     src.addr=10.1.26.201:41616 src.workload="edge-955654497-rv74f" src.namespace="edge" src.identity="spiffe://cluster.local/ns/edge/sa/edge-gateway" dst.addr=10.1.27.83:15008 dst.hbone_addr=10.1.27.83:80 dst.service="texts.staging.svc.cluster.local" dst.workload="texts-78f6c4d95-g4zkp" dst.namespace="staging" dst.identity="spiffe://cluster.local/ns/staging/sa/default" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection"',
    'ztunnel deny not named | edge/edge-gateway 10.1.26.201 -> staging/texts-78f6c4d95-g4zkp:80',
  ],
  [
    'error   access  connection complete     src.addr=10.244.1.6:45208 src.workload="orders-v1-6584ddcf65-k78wz" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/orders" dst.addr=10.244.1.9:15008 dst.hbone_addr=10.244.1.9:9080 dst.service="stock.shop.svc.cluster.local" dst.workload="stock-v1-d5789fdfb-c5w2c" dst.namespace="shop" dst.identity="spiffe://cluster.local/ns/shop/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: shop/no-orders"',
    'ztunnel deny shop/no-orders | shop/orders 10.244.1.6 -> shop/stock-v1-d5789fdfb-c5w2c:9080',
  ],
  [
    'istio-system ztunnel-dckfd istio-proxy 2024-10-31T19:31:23.837358Z      error   access  connection complete     src.addr=10.0.33.29:52614 src.workload="front-gateway-istio-64f6bc5b87-v756z" src.namespace="front" src.identity="spiffe://cluster.local/ns/front/sa/front-gateway-istio" dst.addr=10.0.17.117:15008 dst.hbone_addr=10.0.17.117:16686 dst.service="traces.tools.svc.cluster.local" dst.workload="traces-56d575c9fc-zqbvj" dst.namespace="tools" dst.identity="spiffe://cluster.local/ns/tools/sa/traces" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection"',
    'ztunnel deny not named | front/front-gateway-istio 10.0.33.29 -> tools/traces-56d575c9fc-zqbvj:16686',
  ],
  [
    '2024-07-26T17:18:00.953004Z     error   access  connection complete     src.addr=10.244.0.9:58592 src.workload="toolbox-56bd5dbdbf-gz6cq" src.namespace="lab" src.identity="spiffe://cluster.local/ns/lab/sa/default" dst.addr=10.244.0.10:15008 dst.hbone_addr=10.244.0.10:80 dst.service="mirror.lab.svc.cluster.local" dst.workload="mirror-66d88ff694-pnk6h" dst.namespace="lab" dst.identity="spiffe://cluster.local/ns/lab/sa/default" direction="outbound" bytes_sent=0 bytes_recv=0 duration="10002ms" error="connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: deadline has elapsed"',
    'ztunnel failed other | lab/default 10.244.0.9 -> lab/mirror-66d88ff694-pnk6h:80',
  ],
  [
    '2025-04-22T08:28:06.295085Z\terror\taccess\tconnection complete\tsrc.addr=10.244.3.75:53996 src.workload="wakeup-5656895fc6-c6p62" src.namespace="serverless" src.identity="spiffe://cluster.local/ns/serverless/sa/wakeup" dst.addr=10.244.2.174:15008 dst.hbone_addr=10.244.2.174:8012 dst.workload="model-predictor-00001-deployment-68d645dd97-wcpv4" dst.namespace="ml" dst.identity="spiffe://cluster.local/ns/ml/sa/model" direction="outbound" bytes_sent=0 bytes_recv=0 duration="1ms" error="http status: 401 Unauthorized"',
    'ztunnel deny not named | serverless/wakeup 10.244.3.75 -> ml/model-predictor-00001-deployment-68d645dd97-wcpv4:8012',
  ],
  [
    '{"level":"info","time":"2026-08-14T13:52:16.492907Z","scope":"ztunnel::state","message":"no allow policies matched","proxy":{"wl":"default/files-6cbcc86f5d-rfbvw"},"inbound":{"id":"2a56e1c2dfcaa8375c2f5c78d03db243","peer":"10.20.30.40:40422"}}',
    'ztunnel deny no ALLOW matched | unknown 10.20.30.40 -> default/files-6cbcc86f5d-rfbvw:?',
  ],
  [
    '{"level":"info","time":"2026-08-18T07:07:52.014411Z","scope":"access","message":"connection complete","src.addr":"10.244.0.2:35214","src.workload":"fetcher-6b4b85489f-l2tqt","src.namespace":"default","src.identity":"spiffe://cluster.local/ns/default/sa/fetcher","dst.addr":"10.20.30.41:15008","dst.hbone_addr":"10.20.30.41:18080","dst.service":"files.default.svc.cluster.local","dst.workload":"files-6cbcc86f5d-rfbvw","dst.namespace":"default","dst.identity":"spiffe://cluster.local/ns/default/sa/files","direction":"inbound","bytes_sent":610,"bytes_recv":82,"duration":"2ms"}',
    'ztunnel allow not named | default/fetcher 10.244.0.2 -> default/files-6cbcc86f5d-rfbvw:18080',
  ],
  [
    '{"level":"debug","time":"2024-11-19T12:24:59.275157Z","scope":"access","message":"connection opened","src.addr":"10.0.70.159:47112","src.workload":"job-01152","src.namespace":"batch","src.identity":"spiffe://cluster.local/ns/batch/sa/default","dst.addr":"10.0.71.131:15008","dst.hbone_addr":"10.0.71.131:8080","dst.service":"echo.web.svc.cluster.local","dst.workload":"echo-d75ffcdfb-g5529","dst.namespace":"web","dst.identity":"spiffe://cluster.local/ns/web/sa/echo","direction":"outbound"}',
    'ztunnel allow not named | batch/default 10.0.70.159 -> web/echo-d75ffcdfb-g5529:8080',
  ],
  [
    '2023-04-04T17:10:53.296113Z  INFO outbound{id=2285caac921e15808bf9f5a55591ff2e}: ztunnel::proxy::outbound: RBAC rejected conn=10.240.1.15(spiffe://cluster.local/ns/default/sa/guest)->10.240.1.11:9080',
    'ztunnel deny not named | default/guest 10.240.1.15 -> ?/?:9080',
  ],
  [
    '2023-09-25T17:36:07.718892Z  WARN proxy{uid=ffc376a2-6bfa-42ad-9e3c-684cdc6b3d54}:outbound{id=9b33a9eb333bb12d3a2bb49178eb24d3}: ztunnel::proxy::outbound: failed dur=8.256389ms err=http status: 401 Unauthorized',
    'ztunnel deny not named | unknown ? -> ?/?:?',
  ],
  [
    '2025-09-29T22:21:34.949001Z     debug   state:proxy{wl=server-ns/probe-6b478b859-fb9mz}:inbound{id=d1a peer=10.244.0.192:49356}       no allow policies, allow',
    'ztunnel allow no ALLOW applies | unknown 10.244.0.192 -> server-ns/probe-6b478b859-fb9mz:?',
  ],
  [
    '2026-01-29T10:00:01.000001Z\tinfo\tstate:proxy{wl=shop/cart-7d5-x2x2x}:inbound{id=77 peer=10.1.1.1:41000}\tdeny policy match\tpolicy="shop/no-guests"',
    'ztunnel deny shop/no-guests | unknown 10.1.1.1 -> shop/cart-7d5-x2x2x:?',
  ],
  [
    '2026-01-30T10:00:01.000001Z\tdebug\tstate:proxy{wl=shop/cart-7d5-x2x2x}:inbound{id=78 peer=10.1.1.1:41002}\tdry-run: deny policy match\tpolicy="shop/trial"',
    'ztunnel deny (dry run) shop/trial | unknown 10.1.1.1 -> shop/cart-7d5-x2x2x:?',
  ],
  [
    '2024-05-06T09:21:44.100001Z\twarn\taccess\tconnection failed\tsrc.addr=10.42.0.7:51234 dst.addr=10.42.0.9:8080 direction="inbound" error="connection closed due to policy rejection: workload not found"',
    'ztunnel failed other | plaintext 10.42.0.7 -> ?/?:8080',
  ],
  [
    '2025-08-31T09:54:23.530656Z     error   access  connection complete     src.addr=10.233.66.246:38966 src.workload="front-75ff56d795-7m5cx" src.namespace="front" src.identity="spiffe://cluster.local/ns/front/sa/front" dst.addr=10.233.66.202:15008 dst.hbone_addr=10.233.66.202:9080 dst.service="page-v1.default.svc.cluster.local" dst.workload="page-v1-54bb874995-abcde" dst.namespace="default" dst.identity="spiffe://cluster.local/ns/default/sa/page" direction="outbound" bytes_sent=0 bytes_recv=0 duration="10001ms" error="connection failed: deadline has elapsed"',
    'ztunnel failed other | front/front 10.233.66.246 -> default/page-v1-54bb874995-abcde:9080',
  ],
  [
    '[2021-04-23T20:51:15.201Z] "GET /headers HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/7.76.0" "a5b9d2a4-1c9e-9f0e-8f0e-3c3c1e9b9b9b" "echo:8000" "-" inbound|80|| - 10.44.1.18:80 10.44.3.13:46180 outbound_.8000_._.echo.web.svc.cluster.local default',
    'sidecar deny no ALLOW matched | unknown 10.44.3.13 -> echo.web.svc.cluster.local:80 GET /headers',
  ],
  [
    '[2024-11-02T11:12:13.014Z] "GET /admin?x=1 HTTP/1.1" 403 - rbac_access_denied_matched_policy[ns[shop]-policy[no-admin]-rule[1]] - "-" 0 19 0 - "-" "curl/8.7.1" "1c5b3c5e" "cart.shop:80" "-" inbound-vip|80|http|cart.shop.svc.cluster.local - 10.96.14.3:80 10.244.0.15:41028 - default',
    'waypoint deny shop/no-admin rule 1 | unknown 10.244.0.15 -> cart.shop.svc.cluster.local:80 GET /admin?x=1',
  ],
  [
    '[2024-11-02T11:12:13.014Z] "- - -" 0 - - rbac_access_denied_matched_policy[none] "-" 0 0 0 - "-" "-" "-" "-" "-" inbound-vip|5432|tcp|db.shop.svc.cluster.local - 10.96.14.9:5432 10.244.0.15:41030 - -',
    'waypoint deny no ALLOW matched | unknown 10.244.0.15 -> db.shop.svc.cluster.local:5432',
  ],
  [
    '[2023-02-24T03:32:28.882Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 1683 3 2 "-" "curl/7.88.1-DEV" "5ea5eb0a-f4b9-4d6e-8a39-717d6da78f7c" "page:9080" "envoy://connect_originate/10.244.1.15:9080" inbound-vip|9080|http|page.default.svc.cluster.local envoy://internal_client_address/ 10.96.3.4:9080 10.244.1.14:44170 - default',
    'waypoint allow other | unknown 10.244.1.14 -> page.default.svc.cluster.local:9080 GET /',
  ],
  [
    '[2019-07-24T05:21:20.588Z] "GET /api/v1/health/liveness HTTP/1.1" 403 - "-" "-" 0 19 1 - "-" "kube-probe/1.12" "7058987b-a1a9" "100.96.10.90:9080" "127.0.0.1:9080" inbound|9080|http|options.services.svc.cluster.local - 100.96.10.90:9080 100.96.10.1:59812 -',
    'sidecar deny not named | unknown 100.96.10.1 -> options.services.svc.cluster.local:9080 GET /api/v1/health/liveness',
  ],
  [
    '{"authority":"echo:8000","bytes_received":"0","bytes_sent":"19","connection_termination_details":"-","duration":"1","method":"GET","path":"/headers","protocol":"HTTP/1.1","response_code":403,"response_code_details":"rbac_access_denied_matched_policy[ns[web]-policy[allow-nothing-else]-rule[0]]","response_flags":"-","route_name":"default","start_time":"2023-05-05T10:10:10.100Z","upstream_cluster":"inbound|80||","downstream_local_address":"10.44.1.18:80","downstream_remote_address":"10.44.3.13:46180","requested_server_name":"outbound_.8000_._.echo.web.svc.cluster.local"}',
    'sidecar deny web/allow-nothing-else rule 0 | unknown 10.44.3.13 -> echo.web.svc.cluster.local:80 GET /headers',
  ],
  [
    '{"insertId":"1a2b","jsonPayload":{"method":"POST","path":"/v1/pay","response_code":"403","response_code_details":"rbac_access_denied_matched_policy[none]","upstream_cluster":"inbound-vip|8443|http|pay.bank.svc.cluster.local","authority":"pay.bank","downstream_remote_address":"10.8.0.4:50000"},"severity":"INFO"}',
    'waypoint deny no ALLOW matched | unknown 10.8.0.4 -> pay.bank.svc.cluster.local:8443 POST /v1/pay',
  ],
  [
    '[pod/waypoint-6c4d9-abcde/istio-proxy] [2025-01-15T08:00:00.001Z] "DELETE /items/7 HTTP/2" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "10.0.0.9" "grpc-node/1.9" "8f3e" "items.shop.svc.cluster.local:80" "-" inbound-vip|80|http|items.shop.svc.cluster.local - 240.240.0.4:80 10.0.0.9:33224 - default',
    'waypoint deny no ALLOW matched | unknown 10.0.0.9 -> items.shop.svc.cluster.local:80 DELETE /items/7',
  ],
  [
    '[2024-09-26 11:41:28.955][3492045][debug][rbac] [source/extensions/filters/http/rbac/rbac_filter.cc:194] enforced denied, matched policy none',
    'envoy deny no ALLOW matched | unknown ? -> ?/?:?',
  ],
  [
    '2021-04-23T20:43:18.552910Z\tdebug\tenvoy rbac\tshadow denied, matched policy ns[web]-policy[deny-path-headers]-rule[0]',
    'envoy deny (dry run) web/deny-path-headers rule 0 | unknown ? -> ?/?:?',
  ],
  [
    "2020-09-30T22:50:58.290668Z\tdebug\tenvoy rbac\tchecking request: requestedServerName: outbound_.80_._.forms.web.svc.cluster.local, sourceIP: 172.30.216.33:39150, directRemoteIP: 172.30.216.33:39150, remoteIP: 10.215.25.170:0,localAddress: 172.30.218.100:80, ssl: uriSanPeerCertificate: spiffe://cluster.local/ns/edge/sa/edge-gateway, dnsSanPeerCertificate: , subjectPeerCertificate: , headers: ':authority', 'forms.example.com'\n':path', '/login'\n':method', 'GET'\n'user-agent', 'Mozilla/5.0 (X11; Linux x86_64)'\n, dynamicMetadata:\n2020-09-30T22:50:58.290700Z\tdebug\tenvoy rbac\tenforced denied, matched policy none",
    'envoy deny no ALLOW matched | edge/edge-gateway 10.215.25.170 -> forms.web.svc.cluster.local:80 GET /login',
  ],
  [
    '{"level":"debug","time":"2024-03-01T00:00:00.000000Z","scope":"envoy rbac","msg":"enforced denied, matched policy ns[web]-policy[deny-all]-rule[0]","caller":"external/envoy/source/extensions/filters/http/rbac/rbac_filter.cc:150"}',
    'envoy deny web/deny-all rule 0 | unknown ? -> ?/?:?',
  ],
  [
    '[2022-08-10T12:00:00.000Z] "GET /orders HTTP/1.1" 401 - jwt_authn_access_denied{Jwt_is_missing} - "-" 0 14 0 - "-" "curl" "77" "orders.shop" "-" inbound|8080|| - 10.1.1.1:8080 10.1.1.2:4000 outbound_.80_._.orders.shop.svc.cluster.local default',
    'sidecar failed other | unknown 10.1.1.2 -> orders.shop.svc.cluster.local:8080 GET /orders',
  ],
  [
    '[2025-02-02T12:00:00.000Z] "GET /orders HTTP/1.1" 403 UAEX ext_authz_denied - "-" 0 0 3 - "-" "curl" "78" "orders.shop" "-" inbound-vip|80|http|orders.shop.svc.cluster.local - 10.96.7.7:80 10.1.1.2:4002 - default',
    'waypoint failed other | unknown 10.1.1.2 -> orders.shop.svc.cluster.local:80 GET /orders',
  ],
  [
    '2024-02-20T14:31:02.000000000Z stdout F 2024-02-20T14:31:02.000000Z\tinfo\taccess\tconnection complete\tsrc.addr=[fd00:10:244::7]:51000 src.workload="web-5d6" src.namespace="shop" src.identity="spiffe://td.example/ns/shop/sa/web" dst.addr=[fd00:10:244::9]:15008 dst.hbone_addr=[fd00:10:244::9]:8080 dst.workload="api-0" dst.namespace="shop" direction="inbound" bytes_sent=10 bytes_recv=20 duration="3ms"',
    'ztunnel allow not named | shop/web fd00:10:244::7 -> shop/api-0:8080',
  ],
  [
    '\u001b[2m2026-02-01T00:00:00Z\u001b[0m error access connection complete src.addr=10.0.0.4:4 src.identity="spiffe://cluster.local/ns/a/sa/b" dst.addr=10.0.0.5:80 dst.workload="c" dst.namespace="d" direction="inbound" error="connection closed due to policy change"',
    'ztunnel deny not named | a/b 10.0.0.4 -> d/c:80',
  ],
  [
    'error  access  connection complete  src.workload="rover-7" src.identity="spiffe://cluster.local/ns/lab/sa/rover" dst.service="notes.lab.svc.cluster.local" ... error="connection closed due to policy rejection: explicitly denied by: lab/no-rovers"',
    'ztunnel deny lab/no-rovers | lab/rover ? -> notes.lab.svc.cluster.local:?',
  ],
  [
    'error   access  connection complete\n  src.workload="door-7b9b6c5cc6-lhlwp"\n  src.identity="spiffe://cluster.local/ns/lab/sa/door"\n  dst.workload="notes-54c9fd54c8-lznfz"\n  dst.identity="spiffe://cluster.local/ns/lab/sa/notes"\n  direction="inbound"\n  error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | lab/door ? -> lab/notes-54c9fd54c8-lznfz:?',
  ],
  [
    '{\n  "level": "error",\n  "scope": "access",\n  "message": "connection complete",\n  "src.addr": "10.244.1.13:52252",\n  "src.identity": "spiffe://cluster.local/ns/default/sa/visitor",\n  "dst.hbone_addr": "10.244.1.12:8080",\n  "dst.workload": "notes-5cb87cdfc8-24npj",\n  "dst.namespace": "lab",\n  "direction": "inbound",\n  "error": "connection closed due to policy rejection"\n},',
    'ztunnel deny not named | default/visitor 10.244.1.13 -> lab/notes-5cb87cdfc8-24npj:8080',
  ],
  [
    '{"@timestamp":"2025-06-01T10:00:00Z","kubernetes":{"pod_name":"ztunnel-x"},"log_processed":{"level":"error","scope":"access","message":"connection complete","src.addr":"10.244.1.13:52252","src.identity":"spiffe://cluster.local/ns/default/sa/visitor","dst.addr":"10.244.1.12:8080","dst.workload":"notes-0","dst.namespace":"lab","direction":"inbound","error":"connection closed due to policy rejection"}}',
    'ztunnel deny not named | default/visitor 10.244.1.13 -> lab/notes-0:8080',
  ],
  [
    '2025-06-01T10:00:00.000000Z error access connection complete src.addr=10.1.26.201:41616 src.identity="spiffe://cluster.local/ns/default/sa/visitor" dst.addr=10.1.27.83:8080 dst.workload="notes-0" dst.namespace="lab" direction="inbound" error="connection closed due to policy rej',
    'ztunnel deny not named | default/visitor 10.1.26.201 -> lab/notes-0:8080',
  ],
  [
    '2025-06-01T10:00:00.000000Z error access connection complete src.addr=10.1.26.201:41616 src.identity="spiffe://cluster.local/ns/default/sa/visitor" dst.addr=10.1.27.83:8080 dst.workload="not',
    'ztunnel failed other | default/visitor 10.1.26.201 -> ?/not:8080',
  ],
  [
    '[2025-06-01T10:00:00.000Z] "GET / HTTP/1.1" 403 - rbac_access_denied_matched_policy[office-only] - "-" 0 19 0 - "-" "curl" "77" "notes.lab" "-" inbound-vip|80|http|notes.lab.svc.cluster.local - 10.96.0.9:80 10.1.1.2:41000 - default',
    'waypoint failed other | unknown 10.1.1.2 -> notes.lab.svc.cluster.local:80 GET /',
  ],
]

describe('lines of public reports', () => {
  it('the table has at least thirty lines', () => {
    expect(REPORTED.length).toBeGreaterThanOrEqual(30)
  })

  it.each(REPORTED)('%s', (line, expected) => {
    expect(summary(line)).toBe(expected)
  })
})
