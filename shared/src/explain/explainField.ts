import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import { explainAttribute } from './explainAttribute.js'
import { explainLabel } from './explainLabel.js'
import { explainMode } from './explainMode.js'

/** What a field means and its effect here, in Markdown; undefined for other fields. */
export function explainField(mesh: Mesh, resource: Resource, path: FieldPath): string | undefined {
  if (resource.type === 'AuthorizationPolicy')
    return explainAttribute(mesh, resource, path) ?? explainLabel(mesh, resource, path)
  if (resource.type === 'PeerAuthentication')
    return explainMode(mesh, resource, path) ?? explainLabel(mesh, resource, path)
  return explainLabel(mesh, resource, path)
}
