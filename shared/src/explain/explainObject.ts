import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { Explanation } from './explanation.js'

/** What an object does to traffic or undergoes; undefined for kinds that no policy is about. */
export function explainObject(_mesh: Mesh, _resource: Resource): Explanation | undefined {
  return undefined
}
