import { describe, expect, it } from 'vitest'
import { summariesOfLines, summaryOfLine } from '../testing/lineSummary.js'

/** Lines as collectors of logs, terminals and web pages show them. The forms are of public reports, the names are not. */
const EXPORTED: readonly (readonly [form: string, line: string, summary: string])[] = [
  [
    'stern with a pod and a container',
    'ztunnel-8kq2x istio-proxy 2026-03-04T09:10:11.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'kubectl logs --prefix --timestamps',
    '[pod/ztunnel-8kq2x/istio-proxy] 2026-03-04T09:10:11.200000001Z 2026-03-04T09:10:11.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: depot/no-tills"',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'the journal, short',
    'Mar 04 09:10:11 node-3 ztunnel[1207]: 2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'the journal, JSON',
    '{"_HOSTNAME":"node-3","SYSLOG_IDENTIFIER":"ztunnel","MESSAGE":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: explicitly denied by: depot/no-tills\\""}',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'the journal, JSON with a list of bytes',
    '{"_HOSTNAME":"node-3","MESSAGE":[50,48,50,54,45,48,51,45,48,52,84,48,57,58,49,48,58,49,49,46,49,50,51,52,53,54,90,9,27,91,51,49,109,101,114,114,111,114,27,91,48,109,9,97,99,99,101,115,115,9,99,111,110,110,101,99,116,105,111,110,32,99,111,109,112,108,101,116,101,9,115,114,99,46,97,100,100,114,61,49,48,46,56,46,48,46,52,58,53,48,49,49,50,32,115,114,99,46,119,111,114,107,108,111,97,100,61,34,116,105,108,108,45,54,100,53,102,55,99,57,98,56,45,120,50,107,52,112,34,32,115,114,99,46,110,97,109,101,115,112,97,99,101,61,34,115,116,111,114,101,34,32,115,114,99,46,105,100,101,110,116,105,116,121,61,34,115,112,105,102,102,101,58,47,47,99,108,117,115,116,101,114,46,108,111,99,97,108,47,110,115,47,115,116,111,114,101,47,115,97,47,116,105,108,108,34,32,100,115,116,46,97,100,100,114,61,49,48,46,56,46,48,46,57,58,49,53,48,48,56,32,100,115,116,46,104,98,111,110,101,95,97,100,100,114,61,49,48,46,56,46,48,46,57,58,57,48,57,48,32,100,115,116,46,115,101,114,118,105,99,101,61,34,115,116,111,99,107,46,100,101,112,111,116,46,115,118,99,46,99,108,117,115,116,101,114,46,108,111,99,97,108,34,32,100,115,116,46,119,111,114,107,108,111,97,100,61,34,115,116,111,99,107,45,55,102,56,100,57,99,54,98,53,45,113,56,119,50,122,34,32,100,115,116,46,110,97,109,101,115,112,97,99,101,61,34,100,101,112,111,116,34,32,100,115,116,46,105,100,101,110,116,105,116,121,61,34,115,112,105,102,102,101,58,47,47,99,108,117,115,116,101,114,46,108,111,99,97,108,47,110,115,47,100,101,112,111,116,47,115,97,47,115,116,111,99,107,34,32,100,105,114,101,99,116,105,111,110,61,34,105,110,98,111,117,110,100,34,32,98,121,116,101,115,95,115,101,110,116,61,48,32,98,121,116,101,115,95,114,101,99,118,61,48,32,100,117,114,97,116,105,111,110,61,34,48,109,115,34,32,101,114,114,111,114,61,34,99,111,110,110,101,99,116,105,111,110,32,99,108,111,115,101,100,32,100,117,101,32,116,111,32,112,111,108,105,99,121,32,114,101,106,101,99,116,105,111,110,58,32,97,108,108,111,119,32,112,111,108,105,99,105,101,115,32,101,120,105,115,116,44,32,98,117,116,32,110,111,110,101,32,97,108,108,111,119,101,100,34]}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'syslog',
    '<14>1 2026-03-04T09:10:11Z node-3 ztunnel 1207 - - 2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'rsyslog with escaped colours',
    '2026-03-04T09:10:11.123456Z #033[31merror#033[0m access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'colours in JSON',
    '{"log":"2026-03-04T09:10:11.123456Z\\t\\u001b[31merror\\u001b[0m\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\"\\n","stream":"stdout"}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'colours that cat -v shows',
    '2026-03-04T09:10:11.123456Z ^[[31merror^[[0m access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Windows line ends',
    '2026-03-04T09:10:11.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: depot/no-tills"\r\n',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Loki, JSON lines',
    '{"labels":{"app":"ztunnel","namespace":"istio-system"},"line":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\"","timestamp":"2026-03-04T09:10:11.123456Z"}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Loki, the text of logcli',
    '2026-03-04T09:10:11Z {app="ztunnel", namespace="istio-system"} 2026-03-04T09:10:11.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Loki, the answer of the API',
    '{"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"waypoint"},"values":[["1772615411123456000","[2026-03-04T09:10:11.123Z] \\"PUT /stock/7 HTTP/1.1\\" 403 - rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]] - \\"-\\" 0 19 0 - \\"-\\" \\"till/3\\" \\"5f1c\\" \\"stock.depot:9090\\" \\"-\\" inbound-vip|9090|http|stock.depot.svc.cluster.local - 10.96.3.3:9090 10.8.0.4:50114 - default"]]}]}}',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'Loki with labels before JSON',
    '{app="waypoint"} {"authority":"stock.depot:9090","method":"PUT","path":"/stock/7","response_code":403,"response_code_details":"rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]]","upstream_cluster":"inbound-vip|9090|http|stock.depot.svc.cluster.local","downstream_remote_address":"10.8.0.4:50114","downstream_local_address":"10.96.3.3:9090","start_time":"2026-03-04T09:10:11.123456Z"}',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'Datadog, the answer of the API',
    '{"data":[{"id":"AwAA","type":"log","attributes":{"service":"ztunnel","status":"error","message":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\""}}]}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Datadog, a table in CSV',
    '"2026-03-04T09:10:11Z","node-3","ztunnel","2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload=""till-6d5f7c9b8-x2k4p"" src.namespace=""store"" src.identity=""spiffe://cluster.local/ns/store/sa/till"" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=""stock.depot.svc.cluster.local"" dst.workload=""stock-7f8d9c6b5-q8w2z"" dst.namespace=""depot"" dst.identity=""spiffe://cluster.local/ns/depot/sa/stock"" direction=""inbound"" bytes_sent=0 bytes_recv=0 duration=""0ms"" error=""connection closed due to policy rejection: allow policies exist, but none allowed"""',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Datadog with the parsed line',
    '{"content":{"service":"waypoint","attributes":{"http":{"status_code":403}},"message":"[2026-03-04T09:10:11.123Z] \\"PUT /stock/7 HTTP/1.1\\" 403 - rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]] - \\"-\\" 0 19 0 - \\"-\\" \\"till/3\\" \\"5f1c\\" \\"stock.depot:9090\\" \\"-\\" inbound-vip|9090|http|stock.depot.svc.cluster.local - 10.96.3.3:9090 10.8.0.4:50114 - default"}}',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'CloudWatch with JSON in JSON',
    '{"@timestamp":"2026-03-04 09:10:11.123","@message":"{\\"kubernetes\\":{\\"pod_name\\":\\"ztunnel-8kq2x\\"},\\"log\\":\\"{\\\\\\"level\\\\\\":\\\\\\"error\\\\\\",\\\\\\"time\\\\\\":\\\\\\"2026-03-04T09:10:11.123456Z\\\\\\",\\\\\\"scope\\\\\\":\\\\\\"access\\\\\\",\\\\\\"message\\\\\\":\\\\\\"connection complete\\\\\\",\\\\\\"src.addr\\\\\\":\\\\\\"10.8.0.4:50112\\\\\\",\\\\\\"src.workload\\\\\\":\\\\\\"till-6d5f7c9b8-x2k4p\\\\\\",\\\\\\"src.namespace\\\\\\":\\\\\\"store\\\\\\",\\\\\\"src.identity\\\\\\":\\\\\\"spiffe://cluster.local/ns/store/sa/till\\\\\\",\\\\\\"dst.addr\\\\\\":\\\\\\"10.8.0.9:15008\\\\\\",\\\\\\"dst.hbone_addr\\\\\\":\\\\\\"10.8.0.9:9090\\\\\\",\\\\\\"dst.service\\\\\\":\\\\\\"stock.depot.svc.cluster.local\\\\\\",\\\\\\"dst.workload\\\\\\":\\\\\\"stock-7f8d9c6b5-q8w2z\\\\\\",\\\\\\"dst.namespace\\\\\\":\\\\\\"depot\\\\\\",\\\\\\"direction\\\\\\":\\\\\\"inbound\\\\\\",\\\\\\"error\\\\\\":\\\\\\"connection closed due to policy rejection: explicitly denied by: depot/no-tills\\\\\\"}\\"}"}',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'CloudWatch, aws logs tail',
    '2026-03-04T09:10:11.200000+00:00 node-3.ztunnel {"log":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\"","kubernetes":{"container_name":"istio-proxy"}}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Cloud Logging, a list on one line',
    '[{"insertId":"a","jsonPayload":{"level":"error","time":"2026-03-04T09:10:11.123456Z","scope":"access","message":"connection complete","src.addr":"10.8.0.4:50112","src.workload":"till-6d5f7c9b8-x2k4p","src.namespace":"store","src.identity":"spiffe://cluster.local/ns/store/sa/till","dst.addr":"10.8.0.9:15008","dst.hbone_addr":"10.8.0.9:9090","dst.service":"stock.depot.svc.cluster.local","dst.workload":"stock-7f8d9c6b5-q8w2z","dst.namespace":"depot","direction":"inbound","error":"connection closed due to policy rejection: explicitly denied by: depot/no-tills"},"severity":"ERROR"},{"insertId":"b","textPayload":"[2026-03-04T09:10:11.123Z] \\"PUT /stock/7 HTTP/1.1\\" 403 - rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]] - \\"-\\" 0 19 0 - \\"-\\" \\"till/3\\" \\"5f1c\\" \\"stock.depot:9090\\" \\"-\\" inbound-vip|9090|http|stock.depot.svc.cluster.local - 10.96.3.3:9090 10.8.0.4:50114 - default"}]',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'Elasticsearch',
    '{"hits":{"total":1,"hits":[{"_index":"logs","_source":{"kubernetes":{"namespace":"depot"},"event":{"original":"[2026-03-04T09:10:11.123Z] \\"PUT /stock/7 HTTP/1.1\\" 403 - rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]] - \\"-\\" 0 19 0 - \\"-\\" \\"till/3\\" \\"5f1c\\" \\"stock.depot:9090\\" \\"-\\" inbound-vip|9090|http|stock.depot.svc.cluster.local - 10.96.3.3:9090 10.8.0.4:50114 - default"}}}]}}',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'Azure Monitor',
    '{"TimeGenerated":"2026-03-04T09:10:11.123456Z","ContainerName":"istio-proxy","LogMessage":{"authority":"stock.depot:9090","method":"PUT","path":"/stock/7","response_code":403,"response_code_details":"rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]]","upstream_cluster":"inbound-vip|9090|http|stock.depot.svc.cluster.local","downstream_remote_address":"10.8.0.4:50114","downstream_local_address":"10.96.3.3:9090","start_time":"2026-03-04T09:10:11.123456Z"}}',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'Splunk',
    '{"preview":false,"result":{"host":"node-3","_raw":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: explicitly denied by: depot/no-tills\\""}}',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'OpenTelemetry',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"ERROR","body":{"stringValue":"2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\""}}]}]}]}',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'quotes with a backslash',
    '2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload=\\"till-6d5f7c9b8-x2k4p\\" src.namespace=\\"store\\" src.identity=\\"spiffe://cluster.local/ns/store/sa/till\\" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=\\"stock.depot.svc.cluster.local\\" dst.workload=\\"stock-7f8d9c6b5-q8w2z\\" dst.namespace=\\"depot\\" dst.identity=\\"spiffe://cluster.local/ns/depot/sa/stock\\" direction=\\"inbound\\" bytes_sent=0 bytes_recv=0 duration=\\"0ms\\" error=\\"connection closed due to policy rejection: allow policies exist, but none allowed\\"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'tabs as text',
    '2026-03-04T09:10:11.123456Z\\terror\\taccess\\tconnection complete\\tsrc.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'entities of HTML',
    '2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload=&quot;till-6d5f7c9b8-x2k4p&quot; src.namespace=&quot;store&quot; src.identity=&quot;spiffe://cluster.local/ns/store/sa/till&quot; dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=&quot;stock.depot.svc.cluster.local&quot; dst.workload=&quot;stock-7f8d9c6b5-q8w2z&quot; dst.namespace=&quot;depot&quot; dst.identity=&quot;spiffe://cluster.local/ns/depot/sa/stock&quot; direction=&quot;inbound&quot; bytes_sent=0 bytes_recv=0 duration=&quot;0ms&quot; error=&quot;connection closed due to policy rejection: explicitly denied by: depot/no-tills&quot;',
    'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'quotes of a typesetter',
    '2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload=“till-6d5f7c9b8-x2k4p” src.namespace=“store” src.identity=“spiffe://cluster.local/ns/store/sa/till” dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service=“stock.depot.svc.cluster.local” dst.workload=“stock-7f8d9c6b5-q8w2z” dst.namespace=“depot” dst.identity=“spiffe://cluster.local/ns/depot/sa/stock” direction=“inbound” bytes_sent=0 bytes_recv=0 duration=“0ms” error=“connection closed due to policy rejection: allow policies exist, but none allowed”',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'a Markdown table',
    '| 1 | [2026-03-04T09:10:11.123Z] "PUT /stock/7 HTTP/1.1" 403 - rbac_access_denied_matched_policy[ns[depot]-policy[stock-readers]-rule[2]] - "-" 0 19 0 - "-" "till/3" "5f1c" "stock.depot:9090" "-" inbound-vip\\|9090\\|http\\|stock.depot.svc.cluster.local - 10.96.3.3:9090 10.8.0.4:50114 - default |',
    'waypoint deny depot/stock-readers rule 2 | unknown 10.8.0.4 -> stock.depot.svc.cluster.local:9090 PUT /stock/7',
  ],
  [
    'a value that goes on in the next line',
    'error access connection complete src.workload="scraper-..."\n  src.namespace="watch"\n  dst.workload="stock-..."\n  dst.namespace="depot"\n  error="connection closed due to policy rejection:\n         explicitly denied by: istio-system/istio_converted_static_strict"',
    'ztunnel deny istio-system/istio_converted_static_strict | plaintext ? -> depot/stock:?',
  ],
  [
    'an identity that is shortened',
    'error access connection complete src.identity="spiffe://cluster.local/ns/..." dst.service="stock..." dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" direction="inbound" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | unknown ? -> depot/stock-7f8d9c6b5-q8w2z:?',
  ],
  [
    'a line whose start is cut off',
    '…src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: depot/no-tills"',
    'ztunnel deny depot/no-tills | store/till ? -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'only the error',
    'error="connection closed due to policy rejection: explicitly denied by: depot/no-tills"',
    'ztunnel deny depot/no-tills | unknown ? -> ?/?:?',
  ],
  [
    'a cluster field',
    '2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" src.cluster="Kubernetes" dst.cluster="Kubernetes" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'ztunnel deny no ALLOW matched | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090',
  ],
  [
    'a sidecar with a subset',
    '[2026-03-04T09:10:11.720Z] "GET /api HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "172.17.0.1" "Mozilla/5.0 (X11; Linux x86_64)" "91df" "34.93.1.2" "-" inbound|8080|| - 192.168.68.119:8080 172.17.0.1:0 outbound_.8080_.version-canary_.fleet.depot.svc.cluster.local -',
    'sidecar deny no ALLOW matched | unknown 172.17.0.1 -> fleet.depot.svc.cluster.local:8080 GET /api',
  ],
  [
    'a gateway',
    '[2026-03-04T09:10:11.878Z] "GET /api/v1 HTTP/2" 403 - rbac_access_denied_matched_policy[ns[edge]-policy[no-api]-rule[0]] - "-" 0 19 1 - "10.244.0.6" "curl/8.7.1" "e591" "store.example.com" "-" outbound|9080||bridge.store.svc.cluster.local - 127.0.0.1:80 127.0.0.1:48930 - -',
    'gateway deny edge/no-api rule 0 | unknown 127.0.0.1 -> bridge.store.svc.cluster.local:9080 GET /api/v1',
  ],
  [
    'a network filter',
    '2026-03-04T09:10:11.481404Z     debug   envoy rbac external/envoy/source/extensions/filters/network/rbac/rbac_filter.cc:168     enforced denied, matched policy none    thread=30',
    'envoy deny no ALLOW matched | unknown ? -> ?/?:?',
  ],
]

describe('exported lines', () => {
  it('the table has at least thirty forms', () => {
    expect(EXPORTED.length).toBeGreaterThanOrEqual(30)
  })

  it.each(EXPORTED)('%s', (_, line, expected) => {
    expect(summaryOfLine(line)).toBe(expected)
    expect(summariesOfLines(line).length).toBe(line.startsWith('[{') ? 2 : 1)
  })
})

const ALLOWED = 'ztunnel allow not named | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090'
const DENIED =
  'ztunnel deny depot/no-tills | store/till 10.8.0.4 -> depot/stock-7f8d9c6b5-q8w2z:9090'
const LINES =
  '2026-03-04T09:10:11.123456Z info access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" 2026-03-04T09:10:11.123456Z error access connection complete src.addr=10.8.0.4:50112 src.workload="till-6d5f7c9b8-x2k4p" src.namespace="store" src.identity="spiffe://cluster.local/ns/store/sa/till" dst.addr=10.8.0.9:15008 dst.hbone_addr=10.8.0.9:9090 dst.service="stock.depot.svc.cluster.local" dst.workload="stock-7f8d9c6b5-q8w2z" dst.namespace="depot" dst.identity="spiffe://cluster.local/ns/depot/sa/stock" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: explicitly denied by: depot/no-tills"'.split(
    / (?=2026)/,
  )
const RECORDS =
  '{"level":"error","time":"2026-03-04T09:10:11.123456Z","scope":"access","message":"connection complete","src.addr":"10.8.0.4:50112","src.workload":"till-6d5f7c9b8-x2k4p","src.namespace":"store","src.identity":"spiffe://cluster.local/ns/store/sa/till","dst.addr":"10.8.0.9:15008","dst.hbone_addr":"10.8.0.9:9090","dst.service":"stock.depot.svc.cluster.local","dst.workload":"stock-7f8d9c6b5-q8w2z","dst.namespace":"depot","direction":"inbound","error":"connection closed due to policy rejection: explicitly denied by: depot/no-tills"}'

describe('several records in one line', () => {
  it.each([
    ['lines without line breaks', LINES.join(' ')],
    [
      'lines in a list of texts',
      JSON.stringify({ values: LINES.map((line) => ['1772615411', line]) }),
    ],
    ['lines in one text', JSON.stringify({ log: LINES.join('\n') })],
  ])('%s', (_, text) => {
    expect(summariesOfLines(text)).toEqual([ALLOWED, DENIED])
  })

  it('JSON objects without a line break', () => {
    expect(summariesOfLines(`${RECORDS}${RECORDS}`)).toEqual([DENIED, DENIED])
    expect(summariesOfLines(`[${RECORDS},${RECORDS}]`)).toEqual([DENIED, DENIED])
  })

  it('a line is one record if a collector keeps its text and its fields', () => {
    const both = JSON.stringify({ log: RECORDS, log_processed: JSON.parse(RECORDS) as unknown })
    expect(summariesOfLines(both)).toEqual([DENIED])
  })

  it('a long error in JSON without a scope is a part of its record', () => {
    const fields = { ...(JSON.parse(RECORDS) as object), scope: undefined }
    expect(summariesOfLines(JSON.stringify(fields))).toEqual([DENIED])
  })

  it('a list that is larger than a line', () => {
    const many = `[${Array.from({ length: 300 }, () => RECORDS).join(',')}]`
    expect(summariesOfLines(many).length).toBe(300)
  })
})

it('a text of an application is no record, also in JSON', () => {
  const text = 'order 7 was denied: the connection to the policy server is closed, try again'
  for (const line of [
    text,
    JSON.stringify({ message: text }),
    JSON.stringify([[text], { a: text }]),
  ])
    expect(summariesOfLines(line)).toEqual([])
})
