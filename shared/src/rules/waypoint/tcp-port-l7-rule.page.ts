import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

const WITH_TCP_PORT = SHOP.replace(
  '      port: 80\n      targetPort: 8080\n',
  (port) => `${port}    - name: tcp-replication\n      port: 5432\n`,
)

const denyDelete = (more: string): string =>
  `${allowGetAt(TARGETS_API)
    .replace('name: allow-get', 'name: deny-delete')
    .replace('ALLOW', 'DENY')
    .replace(/ {12}methods:.*\n/, more)}---\n${COMPANION}---\n${WITH_TCP_PORT}`

export const tcpPortL7RulePage: RuleDocs = {
  summary:
    'A rule with HTTP attributes allows nothing, or denies too much, on TCP ports of a waypoint.',
  why: `The protocol of a Service port is its \`appProtocol\`, or else the first word of its name, or else it depends on a few well-known port numbers. On a TCP or TLS port, a waypoint does not see requests:

- An ALLOW rule with an HTTP attribute is dropped, so it allows no connection.
- In a DENY rule only the HTTP attribute is dropped. The rule then denies every connection that its other fields match, or every connection if there are no other fields.

ztunnel does the opposite: a DENY rule with only HTTP attributes denies nothing there.`,
  bad: denyDelete('            methods: ["DELETE"] # ← dropped on port 5432\n'),
  good: denyDelete('            methods: ["DELETE"]\n            ports: ["80"]\n'),
  fix: 'Limit the rule to the HTTP ports with `ports`. For the TCP ports, add rules without HTTP attributes. If the port has HTTP, name it so (`http-…` or `appProtocol: http`).',
  references: [
    'istio/istio pilot/pkg/security/authz/model/model.go:222-224',
    'istio/istio pilot/pkg/security/authz/model/model.go:355-365',
    'istio/istio pilot/pkg/xds/listener_waypoint.go:549-587',
  ],
}
