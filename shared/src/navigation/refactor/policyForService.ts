import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import { targetPortOf, workloadsOfService } from '../../mesh/services.js'
import type { Resource } from '../../resources/resource.js'
import type { Service } from '../../resources/service.js'
import type { Fix, PlainObject } from '../../rules/fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../../rules/fixes/newObject.js'

/**
 * Adds a policy for a Service after it, which allows its own namespace: at the waypoint of the Service, else at
 * ztunnel, for the pods and the container ports behind it.
 */
export function policyForService(mesh: Mesh, resource: Resource): Fix[] {
  if (resource.type !== 'Service' || resource.name === '') return []
  const { status } = mesh.get(waypointOfService, resource)
  const isBound = status === 'bound'
  if (!isBound && Object.keys(resource.selector ?? {}).length === 0) return []
  const name = freePolicyName(mesh, resource.namespace, `allow-to-${resource.name}`)
  const policy = authorizationPolicy(
    metadataBeside(resource, name),
    isBound ? atWaypoint(resource) : atZtunnel(mesh, resource),
  )
  return [
    {
      title: `Add a policy for this Service at ${isBound ? 'its waypoint' : 'ztunnel'}`,
      preferred: false,
      safe: false,
      edits: [{ op: 'add', after: resource, objects: [policy] }],
    },
  ]
}

function atWaypoint(service: Service): PlainObject {
  return {
    targetRefs: [{ kind: 'Service', group: '', name: service.name }],
    action: 'ALLOW',
    rules: [{ from: fromOwnNamespace(service) }],
  }
}

function atZtunnel(mesh: Mesh, service: Service): PlainObject {
  const workloads = mesh.get(workloadsOfService, service)
  const ports = service.ports.flatMap(({ targetPort }) =>
    typeof targetPort === 'number'
      ? [targetPort]
      : workloads.flatMap((workload) => targetPortOf(workload, targetPort) ?? []),
  )
  const numbers = [...new Set(ports)].map(String)
  return {
    selector: { matchLabels: { ...service.selector } },
    action: 'ALLOW',
    rules: [
      {
        from: fromOwnNamespace(service),
        ...(numbers.length === 0 ? {} : { to: [{ operation: { ports: numbers } }] }),
      },
    ],
  }
}

function fromOwnNamespace({ namespace }: Service): PlainObject[] {
  return [{ source: { namespaces: [namespace] } }]
}
