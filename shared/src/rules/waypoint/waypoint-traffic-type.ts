import type { Mesh } from '../../mesh/mesh.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { waypointOfNamespace, waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { waypointFor } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { changeWaypointFor } from '../fixes/changeWaypointFor.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { firstThatFits } from '../support/words.js'
import { labelledObject, type WaypointConsumer } from '../support/labelledObject.js'
import { shownName } from '../support/resourceNames.js'
import { WAYPOINT_FOR } from '../../vocabulary/labels.js'

export const waypointTrafficType = defineRule({
  name: 'waypoint-traffic-type',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Namespace', 'opaque'],
  check(subject, { mesh, report }) {
    const object = labelledObject(subject)
    const gateway = object && refusing(mesh, subject)
    if (!gateway) return
    const served = mesh.get(waypointFor, gateway)
    const what =
      served === 'none' ? 'no traffic' : served === 'workload' ? 'workloads only' : 'Services only'
    report({
      message: firstThatFits(
        `Waypoint "${shownName(gateway)}" serves ${what}: ${consequence(subject)}.`,
        `Waypoint "${shownName(gateway)}" serves ${what}: this is not bound to it.`,
      ),
      path: object.path,
      related: [
        {
          resource: gateway,
          path: ['metadata', 'labels', WAYPOINT_FOR],
          message:
            gateway.labels?.[WAYPOINT_FOR] === undefined
              ? `Without ${WAYPOINT_FOR} it serves Services.`
              : `It serves ${what}.`,
        },
      ],
      fixes: () => rankFixes(changeWaypointFor(gateway, needed(subject, served))),
    })
  },
})

/** The Gateway that does not serve what names it. One that is no waypoint serves nothing, and values of `waypoint-for` that Istio does not know are its own mistake. */
function refusing(mesh: Mesh, subject: WaypointConsumer): Gateway | undefined {
  const gateway = named(mesh, subject)
  return gateway &&
    !['ingress', 'east-west'].includes(mesh.get(classRole, gateway.gatewayClassName))
    ? gateway
    : undefined
}

function named(mesh: Mesh, subject: WaypointConsumer): Gateway | undefined {
  if (subject.type === 'Namespace') {
    // A namespace may well name a waypoint for workloads alone.
    const binding =
      mesh.get(namespaceObject, subject.name) && mesh.get(waypointOfNamespace, subject.name)
    return binding?.status === 'bound' && mesh.get(waypointFor, binding.gateway) === 'none'
      ? binding.gateway
      : undefined
  }
  const binding: WaypointBinding =
    subject.type === 'Service' || subject.type === 'ServiceEntry'
      ? mesh.get(waypointOfService, subject)
      : mesh.get(waypointOfWorkload, subject)
  if (binding.status !== 'error' || binding.reason !== 'UnsupportedTrafficType' || !binding.gateway)
    return undefined
  return ['service', 'workload', 'none'].includes(mesh.get(waypointFor, binding.gateway))
    ? binding.gateway
    : undefined
}

function consequence(subject: WaypointConsumer): string {
  if (subject.type === 'Namespace')
    return `nothing in namespace "${subject.name}" is bound to it, no L7 policy is enforced`
  if (subject.type === 'Service' || subject.type === 'ServiceEntry')
    return `${subject.type} "${subject.name}" is not bound to it, no L7 policy is enforced`
  return `traffic to the addresses of "${subject.name}" does not pass it`
}

function needed(subject: WaypointConsumer, served: string): 'service' | 'workload' | 'all' {
  if (served !== 'none') return 'all'
  return subject.type === 'Namespace' ||
    subject.type === 'Service' ||
    subject.type === 'ServiceEntry'
    ? 'service'
    : 'workload'
}
