import { keys } from '../../inventory/indexKeys.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { EnrolmentMode } from '../../mesh/enrolmentByLabels.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { isUnnamed } from '../../resources/namespaceId.js'

/** The namespaces with pods that ztunnel certainly captures, without gateways. */
export const capturedNamespaces = query('captured namespaces', (mesh, _: ''): readonly string[] =>
  namespacesWith(mesh, 'ambient').filter((namespace) => !isUnnamed(namespace)),
)

/** The namespaces that certainly inject sidecars, and those of other pods with a sidecar. */
export const sidecarNamespaces = query('sidecar namespaces', (mesh, _: ''): readonly string[] => {
  const injecting = mesh.all('Namespace').flatMap(({ name }) => {
    const { mode, certainty } = mesh.get(namespaceEnrolment, name)
    return mode === 'sidecar' && certainty.level === 'certain' ? [name] : []
  })
  return [...new Set([...injecting, ...namespacesWith(mesh, 'sidecar')])]
})

function namespacesWith(mesh: Mesh, wanted: EnrolmentMode): string[] {
  const found = mesh.workloadsAt(keys.allWorkloads()).flatMap((workload) => {
    const { mode, certainty } = mesh.get(enrolmentOf, workload)
    return mode === wanted && certainty.level === 'certain' && !isGatewayPod(podLabels(workload))
      ? [workload.namespace]
      : []
  })
  return [...new Set(found)]
}
