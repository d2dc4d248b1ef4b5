import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { advertisesHbone, enrolmentOf } from '../mesh/enrolment.js'
import { isRead } from '../mesh/discovery.js'
import { serviceAccountOf } from '../mesh/pods.js'
import type { Mesh } from '../mesh/mesh.js'
import { waypointOfService, waypointSentForWorkload } from '../mesh/waypoints.js'
import { boundName } from '../mesh/waypointBinding.js'
import { compareText } from '../text/compareText.js'
import { policyKeysOf } from './enforcement.js'

/** A workload in the shape of `istioctl ztunnel-config workloads`, with the fields that files show. */
export interface DumpedWorkload {
  readonly name: string
  readonly namespace: string
  readonly serviceAccount: string
  /** HBONE if the workload has a proxy (ztunnel or a sidecar) that accepts it. */
  readonly protocol: 'HBONE' | 'TCP'
  /** `namespace/name` of the waypoint for traffic to the workload's own address. */
  readonly waypoint: string | null
  /** `namespace/name`, in istiod's order. */
  readonly authorizationPolicies: readonly string[]
}

/** A host of a Service or ServiceEntry in the shape of `istioctl ztunnel-config services`. */
export interface DumpedService {
  readonly name: string
  readonly namespace: string
  readonly hostname: string
  readonly waypoint: string | null
}

const CLUSTER_DOMAIN = 'cluster.local'

/** Every workload that istiod sends to ztunnel, sorted by namespace and name. */
export function dumpWorkloads(mesh: Mesh): DumpedWorkload[] {
  return mesh
    .workloadsAt(keys.allWorkloads())
    .filter((workload) => isSent(mesh, workload))
    .map((workload): DumpedWorkload => ({
      name: workload.name,
      namespace: workload.namespace,
      serviceAccount: serviceAccountOf(workload),
      protocol: acceptsHbone(mesh, workload) ? 'HBONE' : 'TCP',
      waypoint: boundName(mesh.get(waypointSentForWorkload, workload)) ?? null,
      authorizationPolicies: mesh.get(policyKeysOf, workload),
    }))
    .sort(byName)
}

/**
 * Every host that istiod sends to ztunnel, sorted by namespace and name; ambient mode ignores Services of type
 * ExternalName (`ambient/services.go:258-265`).
 */
export function dumpServices(mesh: Mesh): DumpedService[] {
  const services = mesh.all('Service').filter(({ serviceType }) => serviceType !== 'ExternalName')
  return [...services, ...mesh.all('ServiceEntry')]
    .filter((service) => isRead(mesh, service))
    .flatMap((service): DumpedService[] => {
      const waypoint = boundName(mesh.get(waypointOfService, service)) ?? null
      const { name, namespace } = service
      const hosts =
        service.type === 'Service' ? [`${name}.${namespace}.svc.${CLUSTER_DOMAIN}`] : service.hosts
      return hosts.map((hostname) => ({ name, namespace, hostname, waypoint }))
    })
    .sort(byName)
}

function isSent(mesh: Mesh, workload: Workload): boolean {
  return isRead(mesh, workload) && (workload.type === 'WorkloadEntry' || !workload.terminated)
}

function acceptsHbone(mesh: Mesh, workload: Workload): boolean {
  const { mode } = mesh.get(enrolmentOf, workload)
  return mode === 'ambient' || mode === 'sidecar' || advertisesHbone(workload)
}

function byName(
  a: { readonly namespace: string; readonly name: string },
  b: { readonly namespace: string; readonly name: string },
): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name)
}
