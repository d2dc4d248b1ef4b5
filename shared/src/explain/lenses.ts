import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'

/** One line above an object. */
export interface Lens {
  readonly title: string
  /** Field above which it stands; `[]` for the object. */
  readonly path: FieldPath
  /** `enforcement`: where a policy is enforced; `policies`: what is in force at a workload, Service or waypoint; `references`: who runs as or names a service account. */
  readonly kind: 'enforcement' | 'policies' | 'references'
}

export function lensesFor(_mesh: Mesh, _resource: Resource): readonly Lens[] {
  return []
}
