import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import { workloadsOfService } from '../../mesh/services.js'
import { allows, serves } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import type { Edit, Fix } from '../fix.js'
import { shownName } from '../support/resourceNames.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

/**
 * Makes a Service or ServiceEntry use the only waypoint that it can use. Undefined where there is none, or
 * several, and where ztunnel policies of its pods name clients: they would see the waypoint's identity
 * instead (docs/semantics.md §7).
 */
export function bindService(mesh: Mesh, service: Service | ServiceEntry): Fix | undefined {
  const gateway = waypointFor(mesh, service)
  return gateway && bindTo(mesh, service, gateway)
}

/** The same for a given waypoint. */
export function bindTo(
  mesh: Mesh,
  service: Service | ServiceEntry,
  gateway: Gateway,
): Fix | undefined {
  if (policiesNameOtherClients(mesh, mesh.get(workloadsOfService, service), gateway))
    return undefined
  const label = (name: string, value: string): Edit => ({
    op: 'set',
    resource: service,
    path: ['metadata', 'labels', name],
    value,
  })
  const isInOtherNamespace = gateway.namespace !== service.namespace
  const edits = [
    label(USE_WAYPOINT, gateway.name),
    ...(isInOtherNamespace ? [label(USE_WAYPOINT_NAMESPACE, gateway.namespace)] : []),
  ]
  return {
    title: `Use waypoint "${shownName(gateway)}" for "${service.name}"`,
    preferred: true,
    safe: false,
    edits,
  }
}

/** The only usable waypoint of the Service's namespace, else the only one of another namespace. */
function waypointFor(mesh: Mesh, service: Service | ServiceEntry): Gateway | undefined {
  const usable = mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        serves(mesh, gateway, 'service') &&
        allows(mesh, gateway, service.namespace) === true,
    )
  const inSameNamespace = usable.filter(({ namespace }) => namespace === service.namespace)
  const [only, ...others] = inSameNamespace.length > 0 ? inSameNamespace : usable
  return others.length === 0 ? only : undefined
}

/** Whether ztunnel policies of workloads name clients other than this waypoint. */
export function policiesNameOtherClients(
  mesh: Mesh,
  workloads: readonly Workload[],
  gateway: Gateway,
): boolean {
  const { trustDomain } = mesh.settings
  const account = mesh.get(gatewayServiceAccount, gateway)
  return workloads.some((workload) =>
    mesh
      .get(policiesAtZtunnel, workload)
      .some(
        ({ authorization, policy }) =>
          policy &&
          authorization.rules.some((rule) =>
            [...namedPeers(rule, trustDomain), ...namedPeers(rule, trustDomain, 'negated')].some(
              ({ identity }) =>
                identity.namespace !== gateway.namespace || identity.serviceAccount !== account,
            ),
          ),
      ),
  )
}
