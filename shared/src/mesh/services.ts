import { keys, labelPair } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { isEmptyLabels, matchesLabels } from '../resources/selector.js'
import type { Labels } from '../resources/resource.js'
import { isExternalName, type Service } from '../resources/service.js'
import type { ServiceEntry, ServiceEntryPort } from '../resources/serviceEntry.js'
import { compact } from '../text/collections.js'
import { supports } from '../vocabulary/releases.js'
import { serviceNamed } from './hosts.js'
import { classQuery, query, type Mesh } from './mesh.js'
import { labelsOfKey, selectorKey, serviceClassOf, workloadsWithLabels } from './selectorClasses.js'

/**
 * The workloads with the labels of a selector, in a namespace or (undefined) in all. An empty selector
 * selects every workload. Equal selectors share the list.
 */
export function selectWorkloads(
  mesh: Mesh,
  selector: Labels | undefined,
  namespace: string | undefined,
): readonly Workload[] {
  return mesh.get(workloadsWithLabels, selectorKey({ namespace, labels: selector }))
}

/** The workloads that a Service, or the `workloadSelector` of a ServiceEntry, selects. */
export const workloadsOfService = query(
  'workloads of service',
  (mesh, service: Service | ServiceEntry): readonly Workload[] => {
    const selector = service.type === 'Service' ? service.selector : service.workloadSelector
    if (isEmptyLabels(selector)) return []
    return selectWorkloads(mesh, selector, service.namespace)
  },
)

/** The Services that select the pods of a workload. */
export const servicesOfWorkload = classQuery(
  'services of workload',
  (mesh, workload: Workload) => mesh.get(serviceClassOf, workload),
  (mesh, key): readonly Service[] => {
    const { namespace, labels } = labelsOfKey(key)
    if (labels === undefined || namespace === undefined) return []
    const listed = Object.entries(labels).flatMap(([name, value]) =>
      mesh.at('Service', keys.selecting('Service', namespace, labelPair(name, value))),
    )
    return compact(listed.filter((service) => matchesLabels(service.selector, labels)))
  },
)

/**
 * The container port that a `targetPort` reaches on a workload: the number, or the TCP port of that
 * name. Undefined where the pod has no such port.
 */
export function targetPortOf(workload: Workload, targetPort: number | string): number | undefined {
  if (typeof targetPort === 'number') return targetPort
  if (workload.type === 'WorkloadEntry') return namedPort(workload, targetPort)
  return namedPort(workload, targetPort) ?? portNumber(targetPort)
}

/**
 * The port of a workload that a port of a ServiceEntry reaches: the one with the name of that port,
 * also beside another `targetPort`, else `targetPort` (`ambient/workloads.go` constructServices).
 * Before 1.25 names of container ports do not count.
 */
export function entryPortOf(
  { settings }: Mesh,
  workload: Workload,
  { name, targetPort }: ServiceEntryPort,
): number {
  const hasNames =
    workload.type === 'WorkloadEntry' || supports(settings, 'portNamesOfServiceEntries')
  return (name !== undefined && hasNames ? namedPort(workload, name) : undefined) ?? targetPort
}

function namedPort(workload: Workload, wanted: string): number | undefined {
  return workload.type === 'WorkloadEntry'
    ? portNumber(workload.ports[wanted])
    : workload.template.ports.find(({ name, protocol }) => name === wanted && protocol === 'TCP')
        ?.containerPort
}

function portNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** The Service in the files that a host of a VirtualService in a namespace names. */
export function serviceOfHost(mesh: Mesh, namespace: string, host: string): Service | undefined {
  const named = serviceNamed(host, namespace)
  return named && mesh.named('Service', named.namespace, named.name)
}

/** A name of a Service that needs no search domain: a CNAME is resolved without one. */
const WHOLE_SERVICE_NAME = /^[^.]+\.[^.]+\.svc\.[^.]/

/**
 * The Service that a Service of type ExternalName stands for; undefined where its host is outside of
 * the files.
 */
export function serviceBehindName(mesh: Mesh, service: Service): Service | undefined {
  const seen = new Set<Service>()
  let found: Service | undefined = service
  while (found && isExternalName(found) && !seen.has(found)) {
    seen.add(found)
    const host: string = found.externalName?.replace(/\.$/, '') ?? ''
    found = WHOLE_SERVICE_NAME.test(host) ? serviceOfHost(mesh, found.namespace, host) : undefined
  }
  return found && !isExternalName(found) ? found : undefined
}
