import { keys } from '../../inventory/indexKeys.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'
import type { PlainObject } from '../fix.js'
import { apiVersionOf } from '../../vocabulary/kinds.js'

/** The `metadata` of a new object in the namespace of another; without `namespace` where the other has none. */
export function metadataBeside(beside: Resource, name: string): PlainObject {
  return { name, ...(beside.namespaceSource === 'object' ? { namespace: beside.namespace } : {}) }
}

const policyNames = query(
  'policy names',
  (mesh, namespace: string): ReadonlySet<string> =>
    new Set(
      mesh
        .written('AuthorizationPolicy', keys.namespace('AuthorizationPolicy', namespace))
        .map(({ name }) => name),
    ),
)

/** The first of `base`, `base-2`, `base-3`, … that no AuthorizationPolicy of the namespace has. */
export function freePolicyName(mesh: Mesh, namespace: string, base: string): string {
  const taken = mesh.get(policyNames, namespace)
  let name = base
  for (let count = 2; taken.has(name); count++) name = `${base}-${String(count)}`
  return name
}

/** An AuthorizationPolicy in the API version v1, which the API server stores. */
export function authorizationPolicy(metadata: PlainObject, spec: PlainObject): PlainObject {
  return {
    apiVersion: apiVersionOf('AuthorizationPolicy'),
    kind: 'AuthorizationPolicy',
    metadata,
    spec,
  }
}
