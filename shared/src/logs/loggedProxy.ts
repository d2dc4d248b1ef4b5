import { enrolmentOf } from '../mesh/enrolment.js'
import { servicesOfHost } from '../mesh/hosts.js'
import type { Mesh } from '../mesh/mesh.js'
import { canaryBinding } from '../mesh/canary.js'
import { workloadsOfService } from '../mesh/services.js'
import { waypointOfService } from '../mesh/waypoints.js'
import type { Workload } from '../inventory/workloads.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import type { LogLine } from './logLine.js'
import { workloadOfPod } from './workloadOfPod.js'

/** The proxy that wrote a line, as the files describe it. */
export type LoggedProxy =
  | { readonly point: 'ztunnel'; readonly workload: Workload; readonly port: number | undefined }
  | {
      readonly point: 'waypoint'
      /** Two if a canary waypoint takes a share of the connections. */
      readonly chains: readonly WaypointChain[]
      readonly port: number | undefined
    }
  | {
      readonly point: 'sidecar'
      readonly workloads: readonly Workload[]
      readonly port: number | undefined
    }
  /** `why` says what the line or the files do not name. */
  | { readonly point: 'unknown'; readonly why: string }

/** Finds the proxy whose decision a line shows: for a line of the client's ztunnel, the one of the destination. */
export function loggedProxy(mesh: Mesh, line: LogLine): LoggedProxy {
  const { destination } = line
  if (line.proxy === 'ztunnel') return ztunnelOf(mesh, line)
  const host = destination.host ?? hostOfRequest(line.http?.host)
  if (line.proxy === 'gateway') return unknown('the line does not name the gateway')
  if (host === undefined) return unknown('the line does not name the Service')
  const [service] = servicesOfHost(mesh, host, '')
  if (!service) return unknown(`there is no Service or ServiceEntry with the host ${host}`, true)
  const chains = line.proxy === 'sidecar' ? [] : waypointsOf(mesh, service)
  if (chains.length > 0) return { point: 'waypoint', chains, port: destination.port }
  const workloads = mesh
    .get(workloadsOfService, service)
    .filter((workload) => mesh.get(enrolmentOf, workload).mode === 'sidecar')
  return workloads.length > 0 && line.proxy !== 'waypoint'
    ? { point: 'sidecar', workloads, port: destination.port }
    : unknown(`${service.type} ${qualifiedName(service)} has no ${noProxy(line)}`, true)
}

function ztunnelOf(mesh: Mesh, { destination }: LogLine): LoggedProxy {
  const { namespace, pod, port } = destination
  if (namespace === undefined || pod === undefined)
    return unknown('the line does not name the destination')
  const workload = workloadOfPod(mesh, destination)
  return workload
    ? { point: 'ztunnel', workload, port }
    : unknown(`there is no workload for the pod ${namespace}/${pod}`, true)
}

function waypointsOf(mesh: Mesh, service: Service | ServiceEntry): WaypointChain[] {
  const bindings = [mesh.get(waypointOfService, service), mesh.get(canaryBinding, service)]
  return bindings.flatMap((binding) =>
    binding.status === 'bound' ? [{ gateway: binding.gateway, service }] : [],
  )
}

function noProxy({ proxy }: LogLine): string {
  return proxy === 'envoy' ? 'waypoint and no sidecar' : proxy
}

function unknown(why: string, inFiles = false): LoggedProxy {
  return { point: 'unknown', why: inFiles ? `${why} in these files` : why }
}

/** The host of a Service in the authority of a request: `cart.shop:80`, `cart.shop.svc.cluster.local`. */
function hostOfRequest(authority: string | undefined): string | undefined {
  const [name, namespace, svc] = (authority ?? '').replace(/:\d+$/, '').split('.')
  return name !== undefined && namespace !== undefined && (svc === undefined || svc === 'svc')
    ? `${name}.${namespace}.svc.cluster.local`
    : undefined
}
