import { keys } from '../inventory/indexKeys.js'
import { isUnnamed } from '../resources/namespaceId.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { isGatewayPod } from './gatewayClass.js'
import { podLabels } from './enrolment.js'
import { query, type Mesh } from './mesh.js'

/** Kinds whose absence can be known. */
type DescribedKind = 'Workload' | 'Service' | 'ServiceEntry' | 'Gateway'

const OPAQUE_KINDS: Readonly<Record<DescribedKind, readonly string[]>> = {
  Workload: WORKLOAD_KINDS,
  Service: ['Service'],
  ServiceEntry: ['ServiceEntry'],
  Gateway: ['Gateway'],
}

/**
 * Whether the files show every object of a kind in a namespace, so that "there is no such …" may be said (docs/knowledge.md §4): the Namespace is here,
 * at least one literal object of the kind is, and nothing can add one that no file shows.
 */
function isDescribed(mesh: Mesh, kind: DescribedKind, namespace: string): boolean {
  if (mesh.world === 'closed') return true
  if (isUnnamed(namespace) || mesh.named('Namespace', '', namespace) === undefined) return false
  return (
    holdsLiteral(mesh, kind, namespace) &&
    !OPAQUE_KINDS[kind].some((opaque) => mesh.hasOpaque(opaque)) &&
    !mayBeFilled(mesh, namespace)
  )
}

function holdsLiteral(mesh: Mesh, kind: DescribedKind, namespace: string): boolean {
  const explicit = (resource: { readonly namespaceSource: string }): boolean =>
    resource.namespaceSource !== 'unnamed'
  if (kind !== 'Workload') return mesh.inNamespace(kind, namespace).some(explicit)
  return mesh
    .workloadsAt(keys.workloads(namespace))
    .some(
      (workload) =>
        explicit(workload) &&
        workload.type !== 'WorkloadEntry' &&
        !isGatewayPod(podLabels(workload)),
    )
}

/** Whether an object of these files may create others in the namespace: a HelmRelease, an Argo CD or Flux object, a custom resource. */
export function mayBeFilled(mesh: Mesh, namespace: string): boolean {
  return mesh.all('Other').some((other) => other.fills === undefined || other.fills === namespace)
}

export const describedForWorkloads = query('described for workloads', (mesh, namespace: string) =>
  isDescribed(mesh, 'Workload', namespace),
)
export const describedForServices = query('described for Services', (mesh, namespace: string) =>
  isDescribed(mesh, 'Service', namespace),
)
export const describedForServiceEntries = query(
  'described for ServiceEntries',
  (mesh, namespace: string) => isDescribed(mesh, 'ServiceEntry', namespace),
)
export const describedForGateways = query('described for Gateways', (mesh, namespace: string) =>
  isDescribed(mesh, 'Gateway', namespace),
)

/** Whether a Gateway that is not in the files surely does not exist: the Namespace and a Gateway of it are here, and no template renders to one. */
export const knowsGateways = query('knows Gateways', (mesh, namespace: string): boolean => {
  if (mesh.world === 'closed') return true
  return (
    mesh.named('Namespace', '', namespace) !== undefined &&
    mesh.inNamespace('Gateway', namespace).length > 0 &&
    !mesh.hasOpaque('Gateway')
  )
})
