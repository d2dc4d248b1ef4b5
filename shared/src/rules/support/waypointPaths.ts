import { hasAddress } from '../../access/route.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { canaryOfService } from '../../mesh/canary.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { classRole, gatewayServiceAccount, isManaged } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../../mesh/services.js'
import { waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import { compact } from '../../text/collections.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { shownName } from './resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { GATEWAY_SERVICE_ACCOUNT } from '../../vocabulary/annotations.js'

/** Traffic through one waypoint to a captured workload. */
export interface WaypointPath {
  readonly gateway: Gateway
  /** The Service that clients call; undefined for traffic to the workload's own address. */
  readonly service: Service | undefined
  /** The service account of the waypoint's pods. */
  readonly serviceAccount: string
  /** Container ports that the traffic reaches. */
  readonly ports: readonly number[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/**
 * The waypoints in front of a workload: those of each Service that selects it, canaries included, and that of
 * its own address (docs/semantics.md §2.5, §2.6). Empty for workloads that are not captured. Headless
 * Services are left out: their clients call pod IPs.
 */
export const waypointPaths = query(
  'waypoint paths',
  (mesh, workload: Workload): readonly WaypointPath[] => {
    const enrolment = mesh.get(enrolmentOf, workload)
    if (enrolment.mode !== 'ambient') return []
    const through = (
      binding: WaypointBinding,
      gateway: Gateway,
      service: Service | undefined,
    ): WaypointPath[] => {
      const serviceAccount = knownServiceAccount(mesh, gateway)
      const ports = service
        ? reachedContainerPorts(workload, service)
        : workload.type === 'WorkloadEntry'
          ? []
          : workload.template.ports.map(({ containerPort }) => containerPort)
      if (
        binding.status !== 'bound' ||
        serviceAccount === undefined ||
        ports.length === 0 ||
        mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint'
      )
        return []
      return [
        {
          gateway,
          service,
          serviceAccount,
          ports,
          certainties: [enrolment.certainty, binding.certainty],
          evidence: [...enrolment.evidence, ...evidenceOf(binding, gateway)],
        },
      ]
    }
    const services = mesh
      .get(servicesOfWorkload, workload)
      .filter((service) => hasAddress(service) && service.serviceType !== 'ExternalName')
    const ofServices = services.flatMap((service) => {
      const binding = mesh.get(waypointOfService, service)
      const canary = canaryOfService(mesh, service)
      return [
        ...(binding.status === 'bound' ? through(binding, binding.gateway, service) : []),
        ...(canary ? through(binding, canary, service) : []),
      ]
    })
    const own = mesh.get(waypointOfWorkload, workload)
    return compact([
      ...ofServices,
      ...(own.status === 'bound' ? through(own, own.gateway, undefined) : []),
    ])
  },
)

/** The container ports of a workload behind a Service's TCP ports. */
export function reachedContainerPorts(workload: Workload, service: Service): number[] {
  const ports = service.ports
    .filter(({ protocol }) => protocol === 'TCP')
    .flatMap(({ targetPort }) => targetPortOf(workload, targetPort) ?? [])
  return [...new Set(ports)]
}

/**
 * Undefined for a manual deployment whose pods are not in the files: its account is not known
 * (docs/semantics.md §7.1).
 */
function knownServiceAccount(mesh: Mesh, gateway: Gateway): string | undefined {
  const isManual =
    !isManaged(gateway) && gateway.annotations?.[GATEWAY_SERVICE_ACCOUNT] === undefined
  if (
    isManual &&
    mesh.workloadsAt(keys.workloadsLabelled(gateway.namespace, `${GATEWAY_NAME}=${gateway.name}`))
      .length === 0
  )
    return undefined
  const account = mesh.get(gatewayServiceAccount, gateway)
  return isPlaceholder(account) ? undefined : account
}

function evidenceOf(
  binding: Extract<WaypointBinding, { status: 'bound' }>,
  gateway: Gateway,
): Evidence[] {
  const { choice } = binding
  const waypoint = {
    resource: gateway,
    path: ['metadata', 'name'],
    message: `The waypoint "${shownName(gateway)}".`,
  }
  return [
    ...(choice
      ? [
          {
            resource: choice.resource,
            path: choice.path,
            message: `This label selects the waypoint "${shownName(choice)}".`,
          },
        ]
      : []),
    waypoint,
  ]
}
