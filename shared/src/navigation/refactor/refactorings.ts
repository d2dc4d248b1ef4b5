import type { Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Resource } from '../../resources/resource.js'
import type { Fix } from '../../rules/fix.js'
import type { FieldPath } from '../../yaml/node.js'
import { changeAccountFields } from './accountFields.js'
import { policyForService } from './policyForService.js'

/** The changes of an object that are no fixes of a finding, at a field of it. */
export function refactorings(mesh: Mesh, resource: Resource, path: FieldPath): readonly Fix[] {
  const isHeader = path.length <= 1 || path[0] === 'metadata'
  return [
    ...changeAccountFields(mesh, resource, path),
    ...(isHeader && !isUnnamed(resource.namespace) ? policyForService(mesh, resource) : []),
  ]
}
