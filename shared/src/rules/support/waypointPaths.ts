import { hasAddress } from '../../access/route.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { canaryOfService } from '../../mesh/canary.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
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

/** One way through a waypoint to a captured workload. */
export interface WaypointPath {
  readonly gateway: Gateway
  /** Whose traffic it is; undefined for traffic to the workload's own address. */
  readonly service: Service | undefined
  /** What the waypoint's pods run as. */
  readonly serviceAccount: string
  /** Container ports that it reaches. */
  readonly ports: readonly number[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/**
 * The waypoints that traffic to a workload's pods comes through, by each Service that it is bound to a waypoint with, canaries included, and by its own
 * address (docs/semantics.md §2.5, §2.6). Empty for workloads whose ztunnel enforces nothing. Headless Services are left out: their clients dial pods.
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
        ? targetPorts(workload, service)
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

/** The container ports that a Service's TCP ports reach on a workload. */
export function targetPorts(workload: Workload, service: Service): number[] {
  const ports = service.ports
    .filter(({ protocol }) => protocol === 'TCP')
    .flatMap(({ targetPort }) => targetPortOf(workload, targetPort) ?? [])
  return [...new Set(ports)]
}

/** A Gateway that somebody deploys by hand runs as whatever its pods do, which the files may not show (docs/semantics.md §7.1). */
function knownServiceAccount(mesh: Mesh, gateway: Gateway): string | undefined {
  const byHand =
    gateway.addressTypes.includes('Hostname') &&
    gateway.annotations?.[GATEWAY_SERVICE_ACCOUNT] === undefined
  if (
    byHand &&
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
            message: `Here the waypoint "${shownName(choice)}" is chosen.`,
          },
        ]
      : []),
    waypoint,
  ]
}
