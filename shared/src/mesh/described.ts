import { keys } from '../inventory/indexKeys.js'
import { isRejected } from '../resources/rejected.js'
import { isUnnamed } from '../resources/namespaceId.js'
import { mayCreateIn } from '../resources/otherObject.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { isGatewayPod } from './gatewayClass.js'
import { podLabels } from './pods.js'
import { query, type Mesh } from './mesh.js'

/** Kinds of which the files can show every object. */
type DescribedKind = 'Workload' | 'Service' | 'ServiceEntry' | 'Gateway'

const OPAQUE_KINDS: Readonly<Record<DescribedKind, readonly string[]>> = {
  Workload: WORKLOAD_KINDS,
  Service: ['Service'],
  ServiceEntry: ['ServiceEntry'],
  Gateway: ['Gateway'],
}

/**
 * Whether the files show every object of a kind in a namespace, so that an object that they do not
 * show does not exist (docs/knowledge.md §4): the Namespace is in the files, at least one literal
 * object of the kind is too, and nothing can add one that no file shows.
 */
function isDescribed(mesh: Mesh, kind: DescribedKind, namespace: string): boolean {
  if (mesh.world === 'closed') return true
  if (isUnnamed(namespace) || mesh.named('Namespace', '', namespace) === undefined) return false
  return (
    holdsLiteral(mesh, kind, namespace) &&
    !(kind === 'Gateway' && mayHaveEarlierGateways(mesh, namespace)) &&
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

/**
 * Whether an object of the files may create others in the namespace: a HelmRelease, an object of
 * Argo CD or Flux, or a custom resource.
 */
export function mayBeFilled(mesh: Mesh, namespace: string): boolean {
  return mesh.all('Other').some((other) => mayCreateIn(other, namespace))
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

/**
 * Whether a waypoint that is not in the files does not exist: the Namespace and one of its Gateways
 * are in the files, and no template renders to a Gateway. Weaker than `describedForGateways`.
 */
export const knowsGateways = query('knows Gateways', (mesh, namespace: string): boolean => {
  if (mesh.world === 'closed') return true
  return (
    mesh.named('Namespace', '', namespace) !== undefined &&
    mesh.inNamespace('Gateway', namespace).length > 0 &&
    !mayHaveEarlierGateways(mesh, namespace) &&
    !mesh.hasOpaque('Gateway')
  )
})

/** Whether the API server rejects a Gateway of the files, of which an earlier version may be in the cluster. */
function mayHaveEarlierGateways(mesh: Mesh, namespace: string): boolean {
  return mesh.written('Gateway', keys.namespace('Gateway', namespace)).some(isRejected)
}
