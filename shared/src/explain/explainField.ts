import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'

/** What a field means here, in Markdown; undefined for fields that nothing is to be said of. */
export function explainField(_mesh: Mesh, _resource: Resource, _path: FieldPath): string | undefined {
  return undefined
}
