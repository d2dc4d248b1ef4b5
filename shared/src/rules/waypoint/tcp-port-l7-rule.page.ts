import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const WITH_TCP_PORT = SHOP.replace(
  '      port: 80\n      targetPort: 8080\n',
  (port) => `${port}    - name: tcp-replication\n      port: 5432\n`,
)

const denyDelete = (more = ''): string =>
  `${WITH_TCP_PORT}---\n${COMPANION}---\n${allowGetAt(TARGETS_API).replace('name: allow-get', 'name: deny-delete').replace('ALLOW', 'DENY').replace('GET', 'DELETE')}${more}`

export const tcpPortL7RulePage: RuleDocs = {
  summary:
    'A rule at a waypoint has HTTP attributes, and a port of its target is TCP, where they do not exist.',
  why: 'What a port of a Service speaks follows from its `appProtocol`, else from the first word of its name. On a port of TCP or TLS a waypoint sees no requests. There an ALLOW rule with an HTTP attribute is left out, so it admits nobody. In a DENY rule only the attribute is left out: the rule denies all connections that the rest of it matches, which is every one where nothing else is left. (At ztunnel it is the other way round: such a DENY stops nothing.)',
  bad: denyDelete(),
  good: denyDelete('            ports: ["80"]\n'),
  fix: 'Limit the rule to the ports that speak HTTP (`ports`), and say in rules without HTTP attributes who may use the others. Where the port does speak HTTP, name it so (`http-…`, `appProtocol: http`).',
  references: [
    'istio/istio pilot/pkg/security/authz/model/model.go:222-224',
    'istio/istio pilot/pkg/security/authz/model/model.go:355-365',
    'istio/istio pilot/pkg/xds/listener_waypoint.go:549-587',
  ],
}
