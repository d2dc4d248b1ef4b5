import { assumed, CERTAIN } from '../../mesh/certainty.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import { lacksChain } from '../../waypoint/wildcardHosts.js'
import { defineRule } from '../rule.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'

const FLAG = 'ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS'

export const wildcardTlsPort = defineRule({
  name: 'wildcard-tls-port',
  level: 'warning',
  subjects: ['ServiceEntry'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(entry, { mesh, report }) {
    const binding = mesh.get(waypointOfService, entry)
    if (binding.status !== 'bound') return
    const waypoint = `waypoint ${quoted(shownName(binding.gateway))}`
    const isStated = mesh.settings.statedFlag(FLAG) !== undefined
    for (const [index, { number: port }] of entry.ports.entries()) {
      const host = entry.hosts.find((each) => lacksChain(mesh, entry, { host: each, port }))
      if (host === undefined) continue
      report({
        message: firstThatFits(
          `Clients cannot connect to port ${port} of ${quoted(host)}: ${waypoint} serves no TLS of wildcard hosts.`,
          `Clients cannot connect to port ${port} of ${quoted(host)}: the waypoint serves no TLS of wildcard hosts.`,
          `Clients cannot connect to port ${port}: the waypoint serves no TLS of wildcard hosts.`,
        ),
        path: ['spec', 'ports', index, 'protocol'],
        certainties: [binding.certainty, isStated ? CERTAIN : assumed(`the flag ${FLAG} is off`)],
        related: [
          {
            resource: binding.gateway,
            path: ['metadata', 'name'],
            message: `The ${waypoint} resets these connections.`,
          },
        ],
      })
    }
  },
})
