import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import { isRead } from '../../mesh/discovery.js'
import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import { workloadsOfService } from '../../mesh/services.js'
import { allows, serves } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import type { Edit, Fix } from '../fix.js'
import { shownName } from '../support/resourceNames.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'
import type { FieldPath } from '../../yaml/node.js'

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
  return {
    title: `Use waypoint "${shownName(gateway)}" for "${service.name}"`,
    activates: 'waypoint',
    preferred: true,
    safe: false,
    edits: waypointLabels(service, gateway),
  }
}

/**
 * The two labels by which an object uses a waypoint, also where it has one of them: a namespace that is left
 * from another waypoint is removed or replaced.
 *
 * @param path of the labels.
 */
export function waypointLabels(
  resource: Service | ServiceEntry | Namespace,
  { name, namespace }: Pick<Gateway, 'name' | 'namespace'>,
): Edit[] {
  const at = (label: string): FieldPath => ['metadata', 'labels', label]
  const own = resource.type === 'Namespace' ? resource.name : resource.namespace
  const given = resource.labels?.[USE_WAYPOINT_NAMESPACE]
  const edits: Edit[] =
    resource.labels?.[USE_WAYPOINT] === name
      ? []
      : [{ op: 'set', resource, path: at(USE_WAYPOINT), value: name }]
  if (namespace !== own && namespace !== given)
    edits.push({ op: 'set', resource, path: at(USE_WAYPOINT_NAMESPACE), value: namespace })
  if (namespace === own && given !== undefined && given !== own)
    edits.push({ op: 'remove', resource, path: at(USE_WAYPOINT_NAMESPACE) })
  return edits
}

/** Whether istiod reads a Service or ServiceEntry and a waypoint, and lets the one use the other. */
function canUse(mesh: Mesh, service: Service | ServiceEntry, gateway: Gateway): boolean {
  if (!isRead(mesh, service) || !isRead(mesh, gateway)) return false
  if (service.type === 'Service') return true
  const visibility = mesh.get(visibilityOf, service.namespace)
  return (
    visibility === 'PUBLIC' ||
    (visibility === 'NAMESPACE' && gateway.namespace === service.namespace)
  )
}

/** The only usable waypoint of the Service's namespace, else the only one of another namespace. */
function waypointFor(mesh: Mesh, service: Service | ServiceEntry): Gateway | undefined {
  const usable = mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        serves(mesh, gateway, 'service') &&
        allows(mesh, gateway, service.namespace) === true &&
        canUse(mesh, service, gateway),
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
