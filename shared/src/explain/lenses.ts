import { isWorkload } from '../inventory/workloads.js'
import { classRole } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import { explainObject } from './explainObject.js'

/** One line above an object. */
export interface Lens {
  readonly title: string
  /** Field above which it stands; `[]` for the object. */
  readonly path: FieldPath
  /** `enforcement`: where a policy is enforced; `policies`: what is in force at a workload, Service or waypoint; `references`: who runs as or names a service account. */
  readonly kind: 'enforcement' | 'policies' | 'references'
}

/** The lines above an object; none where nothing is to be said in so few words. */
export function lensesFor(mesh: Mesh, resource: Resource): readonly Lens[] {
  const kind = kindOf(mesh, resource)
  if (!kind) return []
  const explanation = explainObject(mesh, resource)
  return explanation ? [{ title: explanation.summary, path: [], kind }] : []
}

function kindOf(mesh: Mesh, resource: Resource): Lens['kind'] | undefined {
  if (isWorkload(resource)) return 'policies'
  switch (resource.type) {
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
      return 'enforcement'
    case 'Service':
      return 'policies'
    case 'Gateway':
      return mesh.get(classRole, resource.gatewayClassName) === 'waypoint' ? 'policies' : undefined
    case 'ServiceAccount':
      return 'references'
    default:
      return undefined
  }
}
