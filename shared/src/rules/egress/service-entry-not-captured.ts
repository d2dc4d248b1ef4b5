import { uncapturedHosts, whyNoAddress, type UncapturedHost } from '../../mesh/hostAddress.js'
import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { ENABLE_AUTOALLOCATE_IP } from '../../vocabulary/labels.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { restrictsAccess } from '../support/restrictsAccess.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'

export const serviceEntryNotCaptured = defineRule({
  name: 'service-entry-not-captured',
  level: 'warning',
  subjects: ['ServiceEntry'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(entry, { mesh, report }) {
    const binding = mesh.get(waypointOfService, entry)
    const [first] = mesh.get(uncapturedHosts, entry)
    if (binding.status !== 'bound' || !first) return
    const { gateway, certainty } = binding
    const policies = policiesAtWaypoint(mesh, { gateway, service: entry }).filter(restrictsAccess)
    const passed = `waypoint ${quoted(shownName(gateway))}`
    const host = quoted(first.host)
    const reason = whyNoAddress(mesh, first.reason)
    const and = policies.length > 0 ? ' and its policies' : ''
    report({
      message: firstThatFits(
        `Clients bypass ${passed}${and}: ztunnel knows no address of ${host}, because ${reason}.`,
        `Clients bypass ${passed}${and}: they get no address of ${host} that ztunnel knows.`,
        `Clients bypass the waypoint${and}: they get no address of ${host} that ztunnel knows.`,
        `Clients bypass the waypoint${and}: they get no address that ztunnel knows.`,
      ),
      path: placeOf(first),
      level: policies.length > 0 ? 'error' : 'warning',
      certainties: [certainty, first.certainty],
      related: policies.slice(0, 3).map((policy) => ({
        resource: policy,
        path: ['metadata', 'name'],
        message: `Policy "${policy.name}" is not enforced on these connections.`,
      })),
      fixes: () => fixesFor(mesh, entry, first),
    })
  },
})

const LABEL_PATH: FieldPath = ['metadata', 'labels', ENABLE_AUTOALLOCATE_IP]

function placeOf({ reason, index }: UncapturedHost): FieldPath {
  switch (reason) {
    case 'resolution':
      return ['spec', 'resolution']
    case 'label':
      return LABEL_PATH
    default:
      return ['spec', 'hosts', index]
  }
}

function fixesFor(mesh: Mesh, entry: ServiceEntry, { reason }: UncapturedHost): Fix[] {
  switch (reason) {
    case 'resolution':
      return entry.hosts.some((host) => host.startsWith('*'))
        ? []
        : [
            fix('Use resolution: DNS', [
              { op: 'set', resource: entry, path: ['spec', 'resolution'], value: 'DNS' },
            ]),
          ]
    case 'label':
      return [
        fix(`Remove the label ${ENABLE_AUTOALLOCATE_IP}`, [
          { op: 'remove', resource: entry, path: LABEL_PATH },
        ]),
      ]
    case 'DNS capture':
      return [
        fix(
          'Turn DNS capture on',
          mesh
            .all('MeshConfig')
            .flatMap((resource): Edit[] =>
              resource.dnsCapture
                ? [{ op: 'set', resource, path: resource.dnsCapture.path, value: true }]
                : [],
            ),
        ),
      ]
    default:
      return []
  }
}

function fix(title: string, edits: readonly Edit[]): Fix {
  return { title, preferred: true, safe: false, edits }
}
