import { keys } from '../../inventory/indexKeys.js'
import { enrolmentByLabels } from '../../mesh/enrolmentByLabels.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'

/**
 * Whether the file of an object defines its Namespace without a mesh label, and another file defines
 * it with one: the file is a variant without the mesh (docs/knowledge.md §3.1).
 */
export function isOfPlainVariant(mesh: Mesh, { namespace, origin }: Resource): boolean {
  const definitions = mesh.everyDefinition('Namespace', keys.named('Namespace', '', namespace))
  const own = definitions.filter((other) => other.origin.file === origin.file)
  return (
    own.length > 0 &&
    own.every((other) => enrolmentByLabels(other) === undefined) &&
    definitions.some((other) => enrolmentByLabels(other) !== undefined)
  )
}
