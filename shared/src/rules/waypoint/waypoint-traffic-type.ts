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
import { firstThatFits, quoted } from '../support/words.js'
import { labelsOf, useWaypointLabelOf, type WaypointConsumer } from '../support/useWaypointLabel.js'
import { shownName } from '../support/resourceNames.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, WAYPOINT_FOR } from '../../vocabulary/labels.js'
import type { FieldPath } from '../../yaml/node.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import { restrictsAccess } from '../support/restrictsAccess.js'
import type { Fix } from '../fix.js'

export const waypointTrafficType = defineRule({
  name: 'waypoint-traffic-type',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    const object = useWaypointLabelOf(subject)
    const gateway = object && unsupportedWaypoint(mesh, subject)
    if (!gateway) return
    const served = mesh.get(waypointFor, gateway)
    const isClient = isOnlyClient(mesh, subject)
    const effect = isClient ? CONCERNS_POD : consequence(subject, served)
    const what =
      served === 'none' ? 'no traffic' : served === 'workload' ? 'only workloads' : 'only Services'
    report({
      message: firstThatFits(
        `${effect}: waypoint "${shownName(gateway)}" serves ${what}.`,
        `${effect}: the waypoint serves ${what}.`,
      ),
      path: object.path,
      related: [
        {
          resource: gateway,
          path: ['metadata', 'labels', WAYPOINT_FOR],
          message:
            gateway.labels?.[WAYPOINT_FOR] === undefined
              ? `Without the label ${WAYPOINT_FOR}, a waypoint serves only Services.`
              : `This waypoint serves ${what}.`,
        },
      ],
      fixes: () =>
        rankFixes(
          isClient ? removeLabels(subject, object.path) : undefined,
          changeWaypointFor(gateway, neededType(subject, served)),
        ),
    })
  },
})

/**
 * The waypoint of the label, where it does not serve this kind of traffic. Gateways that are not waypoints,
 * and unknown values of `waypoint-for`, are reported by other rules.
 */
function unsupportedWaypoint(mesh: Mesh, subject: WaypointConsumer): Gateway | undefined {
  const gateway = namedGateway(mesh, subject)
  return gateway &&
    !['ingress', 'east-west'].includes(mesh.get(classRole, gateway.gatewayClassName))
    ? gateway
    : undefined
}

function namedGateway(mesh: Mesh, subject: WaypointConsumer): Gateway | undefined {
  if (subject.type === 'Namespace') {
    const binding =
      mesh.get(namespaceObject, subject.name) && mesh.get(waypointOfNamespace, subject.name)
    if (binding?.status !== 'bound') return undefined
    const served = mesh.get(waypointFor, binding.gateway)
    return served === 'none' ||
      (served === 'workload' && missesServices(mesh, subject.name, binding.gateway))
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

/**
 * Whether a waypoint for workloads has policies that the Services of a namespace bypass. Without policies, such a
 * waypoint is a choice.
 */
function missesServices(mesh: Mesh, namespace: string, gateway: Gateway): boolean {
  return (
    policiesAtWaypoint(mesh, { gateway, service: undefined }).some(restrictsAccess) &&
    mesh.inNamespace('Service', namespace).some((service) => {
      const binding = mesh.get(waypointOfService, service)
      return (
        binding.status === 'error' &&
        binding.reason === 'UnsupportedTrafficType' &&
        mesh.get(workloadsOfService, service).length > 0
      )
    })
  )
}

const CONCERNS_POD = `${USE_WAYPOINT} concerns traffic to the pod, not from it, and has no effect`

/** Whether a pod has no Service: its label is probably intended for its outgoing traffic. */
function isOnlyClient(mesh: Mesh, subject: WaypointConsumer): boolean {
  return (
    'templatePath' in subject &&
    mesh.get(servicesOfWorkload, subject).length === 0 &&
    !mesh.hasOpaque('Service')
  )
}

function removeLabels(subject: WaypointConsumer, path: FieldPath): Fix {
  const { labels } = labelsOf(subject)
  const names = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE].filter(
    (name) => labels?.[name] !== undefined,
  )
  return {
    title: `Remove ${USE_WAYPOINT}`,
    preferred: true,
    safe: false,
    edits: names.map((name) => ({
      op: 'remove',
      resource: subject,
      path: [...path.slice(0, -1), name],
    })),
  }
}

function consequence(subject: WaypointConsumer, served: string | undefined): string {
  if (subject.type === 'Namespace')
    return served === 'none'
      ? 'No L7 policy is enforced in this namespace'
      : 'Traffic to the Services of this namespace bypasses L7 policies'
  if (subject.type === 'Service' || subject.type === 'ServiceEntry')
    return `No L7 policy is enforced for ${subject.type} ${quoted(subject.name)}`
  return `Traffic to the addresses of ${quoted(subject.name)} bypasses L7 policies`
}

function neededType(subject: WaypointConsumer, served: string): 'service' | 'workload' | 'all' {
  if (served !== 'none') return 'all'
  return subject.type === 'Namespace' ||
    subject.type === 'Service' ||
    subject.type === 'ServiceEntry'
    ? 'service'
    : 'workload'
}
