import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import {
  entryPortOf,
  serviceBehindName,
  targetPortOf,
  workloadsOfService,
} from '../mesh/services.js'
import { isExternalName, type Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { protocolOf, servicePortProtocol, type PortProtocol } from '../waypoint/portProtocol.js'
import type { RequestTarget } from './request.js'

/** A pod behind the destination, with the container port. */
export interface Backend {
  readonly workload: Workload
  readonly port: number
}

/** The destination of a request in this mesh. */
export type Destination =
  | {
      readonly kind: 'service'
      readonly service: Service | ServiceEntry
      readonly port: number
      readonly protocol: PortProtocol
      readonly backends: readonly Backend[]
      /** The host by which the client reaches it, as the ServiceEntry has it; undefined for a Service. */
      readonly host?: string
    }
  | { readonly kind: 'workload'; readonly backend: Backend }
  /** The files have no destination with this name or this port. */
  | { readonly kind: 'missing'; readonly what: string }

/** A destination that the files have. */
export type KnownDestination = Exclude<Destination, { kind: 'missing' }>

/** The object that a destination is. */
export function objectOf(destination: KnownDestination): Service | ServiceEntry | Workload {
  return destination.kind === 'service' ? destination.service : destination.backend.workload
}

/**
 * Finds the Service, workload or ServiceEntry of a request's target. `destinationsOf` knows which ServiceEntry a
 * captured client reaches by a host.
 */
export function destinationOf(mesh: Mesh, target: RequestTarget): Destination {
  if ('workload' in target) {
    const { namespace, name } = splitName(target.workload)
    const workload = mesh
      .workloadsAt(keys.workloads(namespace))
      .find((candidate) => candidate.name === name)
    return workload
      ? { kind: 'workload', backend: { workload, port: target.port } }
      : { kind: 'missing', what: `workload ${target.workload}` }
  }
  if ('service' in target) {
    const { namespace, name } = splitName(target.service)
    const service = mesh.named('Service', namespace, name)
    if (!service) return { kind: 'missing', what: `Service ${target.service}` }
    return isExternalName(service)
      ? behindName(mesh, service, target.port)
      : toService(mesh, service, target.port)
  }
  const entry = entryOf(mesh, target.host)
  return entry
    ? toServiceEntry(mesh, entry, target.port)
    : { kind: 'missing', what: `ServiceEntry with the host ${target.host}` }
}

/** What clients of a Service of type ExternalName connect to: the Service that it stands for, else a host without proxies. */
function behindName(mesh: Mesh, service: Service, port: number): Destination {
  const other = serviceBehindName(mesh, service)
  return other
    ? toService(mesh, other, port)
    : { kind: 'service', service, port, protocol: 'sniffed', backends: [] }
}

/** A Service or ServiceEntry on one of its ports. */
export function serviceAt(
  mesh: Mesh,
  service: Service | ServiceEntry,
  port: number,
): Extract<Destination, { kind: 'service' | 'missing' }> {
  return service.type === 'Service'
    ? toService(mesh, service, port)
    : toServiceEntry(mesh, service, port)
}

function toService(mesh: Mesh, service: Service, port: number): ReturnType<typeof serviceAt> {
  const found = service.ports.find(
    (candidate) => candidate.port === port && candidate.protocol === 'TCP',
  )
  if (!found)
    return {
      kind: 'missing',
      what: `TCP port ${port} of Service ${service.namespace}/${service.name}`,
    }
  const backends = runningBehind(mesh, service).flatMap((workload): Backend[] => {
    const target = targetPortOf(workload, found.targetPort)
    return target === undefined ? [] : [{ workload, port: target }]
  })
  return { kind: 'service', service, port, protocol: servicePortProtocol(found), backends }
}

/** The ServiceEntry of the files that a host names, for a client whose DNS is not ztunnel's. */
export function entryOf(mesh: Mesh, host: string): ServiceEntry | undefined {
  const matching = mesh
    .all('ServiceEntry')
    .flatMap((entry) =>
      entry.hosts
        .filter((pattern) => pattern === host || matchesWildcard(pattern, host))
        .map((pattern) => ({ entry, pattern })),
    )
  return matching.sort(
    (a, b) =>
      Number(b.pattern === host) - Number(a.pattern === host) ||
      b.pattern.length - a.pattern.length,
  )[0]?.entry
}

function toServiceEntry(
  mesh: Mesh,
  service: ServiceEntry,
  port: number,
): ReturnType<typeof serviceAt> {
  const found = service.ports.find(
    (candidate) => candidate.number === port && protocolOf(candidate.protocol) !== 'udp',
  )
  if (!found)
    return {
      kind: 'missing',
      what: `TCP port ${port} of ServiceEntry ${service.namespace}/${service.name}`,
    }
  const backends = runningBehind(mesh, service).map((workload): Backend => ({
    workload,
    port: entryPortOf(mesh, workload, found),
  }))
  return { kind: 'service', service, port, protocol: protocolOf(found.protocol), backends }
}

/** The workloads of a Service without the pods that have ended. */
function runningBehind(mesh: Mesh, service: Service | ServiceEntry): readonly Workload[] {
  return mesh
    .get(workloadsOfService, service)
    .filter((workload) => workload.type === 'WorkloadEntry' || !workload.terminated)
}

function splitName(name: string): { namespace: string; name: string } {
  const slash = name.indexOf('/')
  return { namespace: name.slice(0, Math.max(0, slash)), name: name.slice(slash + 1) }
}

function matchesWildcard(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1))
}
