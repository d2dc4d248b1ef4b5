import type { RuleDocs } from '../rule.js'
import { ambient, crawler, exitWaypoint } from '../support/egressExamples.js'

const entry = (spec: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: site
  namespace: apps
  labels:
    istio.io/use-waypoint: exit
spec:
${spec}---
`

const around = (site: string): string =>
  `${ambient('apps')}${exitWaypoint('apps', 'Same')}${site}${crawler('apps')}`

export const wildcardTlsPortPage: RuleDocs = {
  summary: 'A waypoint resets all connections to a TLS port of a wildcard host.',
  why: `A ServiceEntry with a wildcard host and \`resolution: DYNAMIC_DNS\` needs a waypoint. The waypoint looks up the host of each HTTP request. It makes no filter chain for a port with \`protocol: TLS\`, unless the flag \`ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS\` of istiod is on. By default this flag is off, and the waypoint resets all connections to the port. istiod rejects \`protocol: HTTPS\` with this resolution; where validation is off, the waypoint reads it as TLS.`,
  bad: around(
    entry(`  hosts:
    - "*.example.com"
  location: MESH_EXTERNAL
  resolution: DYNAMIC_DNS
  ports:
    - number: 443
      name: tls
      protocol: TLS # ← the waypoint has no filter chain for this port
`),
  ),
  good: around(
    entry(`  hosts:
    - www.example.com
    - api.example.com
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: 443
      name: tls
      protocol: TLS
`),
  ),
  fix: 'List the hosts, and use `resolution: DNS`. Or turn the flag on: it is alpha, and a client can then name any host of the wildcard in its TLS handshake, so use it only for clients that you trust.',
  references: [
    'istio/istio pilot/pkg/networking/core/listener_waypoint.go:570-575',
    'https://github.com/istio/istio/pull/57972',
    'https://github.com/istio/istio/issues/58560',
  ],
}
