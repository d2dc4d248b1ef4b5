import { hostAddress } from '../../mesh/hostAddress.js'
import type { Mesh } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { isDiscovered } from '../../mesh/namespaces.js'
import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import { defineRule } from '../rule.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'

export const hostDefinedTwice = defineRule({
  name: 'host-defined-twice',
  level: 'information',
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
    if (binding.status !== 'bound' || isUnnamed(entry.namespace)) return
    const { gateway, certainty } = binding
    entry.hosts.forEach((host, index) => {
      if (!isReached(mesh, entry, host)) return
      const others = otherDefinitions(mesh, entry, host).filter(
        (other) => ![undefined, pathOf(mesh, entry)].includes(pathOf(mesh, other)),
      )
      const [first] = others
      if (!first) return
      report({
        message: messageFor(mesh, { host, gateway, first }),
        path: ['spec', 'hosts', index],
        certainties: [certainty],
        related: others.map((resource) => ({
          resource,
          path: ['metadata', 'name'],
          message: `Clients of namespace "${resource.namespace}" get this definition. Clients of a third namespace get the oldest one.`,
        })),
      })
    })
  },
})

/** The ServiceEntries of other namespaces with the same host. */
function otherDefinitions(mesh: Mesh, entry: ServiceEntry, host: string): ServiceEntry[] {
  const name = host.toLowerCase()
  return mesh
    .all('ServiceEntry')
    .filter(
      (other) =>
        other.namespace !== entry.namespace &&
        !isUnnamed(other.namespace) &&
        other.hosts.some((own) => own.toLowerCase() === name) &&
        isReached(mesh, other, name),
    )
}

/** Whether clients of all namespaces can get an address of this definition. */
function isReached(mesh: Mesh, entry: ServiceEntry, host: string): boolean {
  return (
    mesh.get(isDiscovered, entry.namespace) &&
    mesh.get(visibilityOf, entry.namespace) === 'PUBLIC' &&
    hostAddress(mesh, entry, host).status === 'given'
  )
}

/** The waypoint and the policies of a definition, in a form that can be compared; undefined if they are unknown. */
function pathOf(mesh: Mesh, entry: ServiceEntry): string | undefined {
  const binding = mesh.get(waypointOfService, entry)
  if (binding.status === 'unknown') return undefined
  if (binding.status !== 'bound') return 'direct'
  const { gateway } = binding
  const policies = policiesAtWaypoint(mesh, { gateway, service: entry })
  return [gateway, ...policies].map(shownName).join(' ')
}

interface Twice {
  readonly host: string
  readonly gateway: Gateway
  readonly first: ServiceEntry
}

function messageFor(mesh: Mesh, { host, gateway, first }: Twice): string {
  const { mode } = mesh.get(namespaceEnrolment, first.namespace)
  const whom =
    mode === 'sidecar' || mode === 'none'
      ? 'Clients of some namespaces'
      : `Clients of namespace ${quoted(first.namespace)}`
  const other = mesh.get(waypointOfService, first)
  const same = other.status === 'bound' && other.gateway === gateway
  const loss = same
    ? `are subject to other policies`
    : `bypass waypoint ${quoted(shownName(gateway))}`
  return firstThatFits(
    `${whom} ${loss}: ${quoted(host)} is also defined in ${quoted(shownName(first))}.`,
    `${whom} ${loss}: this host is also defined in ${quoted(shownName(first))}.`,
    'Clients of other namespaces bypass this waypoint or its policies: the host is also defined elsewhere.',
  )
}
