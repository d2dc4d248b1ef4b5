import type { Mesh } from '../../mesh/mesh.js'
import { serves } from '../../mesh/waypointGateway.js'
import { servicesOfWaypoint, waypointOfNamespace, waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Namespace } from '../../resources/namespace.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'
import { bindService } from '../fixes/bindService.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { useWaypointLabelOf } from '../support/useWaypointLabel.js'
import { shownName } from '../support/resourceNames.js'
import { hasOnlyClients } from '../support/waypointUse.js'
import { firstThatFits, quoted } from '../support/words.js'

export const useWaypointOnClient = defineRule({
  name: 'use-waypoint-on-client',
  level: 'warning',
  subjects: ['Namespace'],
  reads: [
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(namespace, { mesh, report }) {
    const object = useWaypointLabelOf(namespace)
    if (!object || object.waypoint.namespace === namespace.name) return
    const binding = mesh.get(waypointOfNamespace, namespace.name)
    if (
      binding.status !== 'bound' ||
      serves(mesh, binding.gateway, 'workload') ||
      !mesh.get(hasOnlyClients, namespace.name)
    )
      return
    const { gateway } = binding
    const entries = unboundEntries(mesh, gateway)
    if (entries.length === 0 && !isUsedByNoOther(mesh, gateway, namespace)) return
    report({
      message: firstThatFits(
        `Nothing here is sent through ${quoted(shownName(gateway))}: ${USE_WAYPOINT} is for traffic to namespace ${quoted(namespace.name)}, not from it.`,
        `Nothing here is sent through this waypoint: ${USE_WAYPOINT} is for traffic to the namespace, not from it.`,
      ),
      path: object.path,
      on: 'key',
      certainties: [binding.certainty],
      related: entries.slice(0, 3).map((resource) => ({
        resource,
        path: ['metadata', 'name'],
        message: `ServiceEntry "${resource.name}" is not bound to a waypoint.`,
      })),
      fixes: () => rankFixes(bindEntries(mesh, entries, gateway), removeLabels(namespace)),
    })
  },
})

/** The ServiceEntries beside a waypoint that have none: outgoing traffic that it could serve. */
function unboundEntries(mesh: Mesh, gateway: Gateway): ServiceEntry[] {
  return mesh
    .inNamespace('ServiceEntry', gateway.namespace)
    .filter((entry) => mesh.get(waypointOfService, entry).status === 'none')
}

function isUsedByNoOther(mesh: Mesh, gateway: Gateway, client: Namespace): boolean {
  return (
    mesh.get(servicesOfWaypoint, gateway).length === 0 &&
    mesh.all('Namespace').every((other) => {
      if (other.name === client.name) return true
      const binding = mesh.get(waypointOfNamespace, other.name)
      return (
        binding.status !== 'bound' ||
        binding.gateway !== gateway ||
        mesh.get(hasOnlyClients, other.name)
      )
    })
  )
}

function bindEntries(
  mesh: Mesh,
  entries: readonly ServiceEntry[],
  gateway: Gateway,
): Fix | undefined {
  const fixes = entries.map((entry) => bindService(mesh, entry))
  const edits = fixes.flatMap((fix) => fix?.edits ?? [])
  return edits.length > 0 && fixes.every((fix) => fix !== undefined)
    ? {
        title: `Bind the ServiceEntries of namespace "${gateway.namespace}" to the waypoint`,
        preferred: true,
        safe: false,
        edits,
      }
    : undefined
}

function removeLabels(namespace: Namespace): Fix {
  const labels = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE].filter(
    (label) => namespace.labels?.[label] !== undefined,
  )
  return {
    title: `Remove ${USE_WAYPOINT}`,
    preferred: true,
    safe: false,
    edits: labels.map((label) => ({
      op: 'remove',
      resource: namespace,
      path: ['metadata', 'labels', label],
    })),
  }
}
