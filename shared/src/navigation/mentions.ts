import { isWorkload } from '../inventory/workloads.js'
import { query } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { Mention, ThingKind } from './mention.js'
import { namespaceThing } from './namesInValue.js'
import { definition, reference } from './references.js'
import { referencesIn } from './referencesByKind.js'

/** Every field of an object that names an object or a label, including its own name. */
export const mentionsIn = query('mentions', (mesh, resource: Resource): readonly Mention[] =>
  [...metadataMentions(resource), ...referencesIn(resource, mesh)].filter(
    ({ thing: { name } }) => name !== '' && !isPlaceholder(name),
  ),
)

function metadataMentions(resource: Resource): Mention[] {
  const { namespace, namespaceSource, name } = resource
  const kind = definedKind(resource)
  return [
    ...(namespaceSource === 'object'
      ? [reference(namespaceThing(namespace), ['metadata', 'namespace'])]
      : []),
    ...(kind === undefined ? [] : [definition({ kind, namespace, name }, ['metadata', 'name'])]),
  ]
}

/** The kind of the thing that an object defines by its name; undefined for kinds that have no references. */
function definedKind(resource: Resource): ThingKind | undefined {
  if (isWorkload(resource)) return 'Workload'
  const { type } = resource
  switch (type) {
    case 'ServiceAccount':
    case 'Namespace':
    case 'Service':
    case 'ServiceEntry':
    case 'Gateway':
    case 'GatewayClass':
      return type
    default:
      return undefined
  }
}
