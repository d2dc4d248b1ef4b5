import type { Workload } from '../../inventory/workloads.js'
import { CERTAIN, type KnownCertainty, type Evidence } from '../../mesh/certainty.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { servicesOfWaypoint, waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { Target } from '../../waypoint/attachment.js'
import { directAccess, type DirectAccess } from './directAccess.js'
import { targetPorts, waypointPaths } from './waypointPaths.js'
import { waysPast } from '../routes/waysPast.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'

/** What a target reference protects: Services and ServiceEntries behind one Istio waypoint. */
export interface Protected {
  readonly gateway: Gateway
  /** Whether all of the waypoint's traffic is meant, not one Service's. */
  readonly whole: boolean
  readonly targets: readonly (Service | ServiceEntry)[]
  readonly certainty: KnownCertainty
}

/** What a target protects; undefined for ingress Gateways, for classes that Istio's Envoy does not serve, and where nothing is bound. */
export function protectedBy(mesh: Mesh, target: Target): Protected | undefined {
  switch (target.kind) {
    case 'Gateway': {
      const { gateway } = target
      return isEnvoyWaypoint(mesh, gateway)
        ? {
            gateway,
            whole: true,
            targets: mesh.get(servicesOfWaypoint, gateway),
            certainty: CERTAIN,
          }
        : undefined
    }
    case 'Service':
    case 'ServiceEntry': {
      const binding = mesh.get(waypointOfService, target.service)
      if (binding.status !== 'bound' || !isEnvoyWaypoint(mesh, binding.gateway)) return undefined
      const { gateway, certainty } = binding
      return { gateway, whole: false, targets: [target.service], certainty }
    }
    default:
      return undefined
  }
}

/** Whether a Gateway is a waypoint that Istio runs Envoy for. */
export function isEnvoyWaypoint(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  return (
    gatewayClassName === WAYPOINT_CLASS ||
    (mesh.get(classRole, gatewayClassName) === 'waypoint' &&
      mesh.named('GatewayClass', '', gatewayClassName) !== undefined)
  )
}

/** One hole: a workload that somebody reaches past the waypoint. */
export interface Bypass {
  readonly workload: Workload
  readonly service: Service
  readonly access: DirectAccess
  /** Ways that need no policy to name them. */
  readonly ways: readonly string[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** The holes in what a reference protects. */
export function bypassesOf(mesh: Mesh, { gateway, whole, targets }: Protected): Bypass[] {
  const services = targets.filter((target): target is Service => target.type === 'Service')
  return services.flatMap((service) =>
    mesh.get(workloadsOfService, service).flatMap((workload) => {
      const path = mesh
        .get(waypointPaths, workload)
        .find((candidate) => candidate.service === service && candidate.gateway === gateway)
      if (!path) return []
      const ports = targetPorts(workload, service)
      return mesh
        .get(directAccess, workload)
        .filter(({ port }) => ports.includes(port))
        .flatMap((access): Bypass[] => {
          const ways = waysPast(mesh, { workload, service, gateway, whole }, access)
          if (ways.length === 0 && access.clients.length === 0) return []
          return [
            {
              workload,
              service,
              access,
              ways,
              certainties: path.certainties,
              evidence: [...path.evidence, ...headlessOf(mesh, workload), ...openedBy(access)],
            },
          ]
        })
    }),
  )
}

function headlessOf(mesh: Mesh, workload: Workload): Evidence[] {
  return mesh
    .get(servicesOfWorkload, workload)
    .filter(({ headless }) => headless)
    .map((resource) => ({
      resource,
      path: ['spec', 'clusterIP'],
      message: `The headless Service "${resource.name}" leads its clients to the pods' addresses.`,
    }))
}

function openedBy({ openedBy: policies, clients }: DirectAccess): Evidence[] {
  return [...new Set([...policies, ...clients.map(({ policy }) => policy)])].map((resource) => ({
    resource,
    path: ['metadata', 'name'],
    message: 'This policy admits them at ztunnel.',
  }))
}
