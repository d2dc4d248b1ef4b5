import { keys } from '../inventory/indexKeys.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { Resource, ResourceType } from '../resources/resource.js'
import { kindsOf } from '../vocabulary/kinds.js'
import { thingKey, type PlacedMention, type Thing } from './mention.js'
import { mentionsIn } from './mentions.js'

/** Kinds whose objects have mentions. */
export const NAMING_KINDS: readonly ResourceType[] = kindsOf(
  'namespace',
  'account',
  'service',
  'gateway',
  'pods',
  'workload-entry',
  'policy',
  'network-policy',
  'route',
)

/**
 * Every field that names a thing, by its key (`thingKey`). Goes through the memoised mentions of all objects: an
 * index would be rebuilt with every change.
 */
export const mentionsOf = query('mentions of', (mesh, key: string): readonly PlacedMention[] => {
  const [kind = '', namespace = '', name = ''] = key.split('|')
  const found: PlacedMention[] = []
  for (const type of NAMING_KINDS) {
    for (const resource of mesh.written(type, keys.all(type))) {
      for (const mention of mesh.get(mentionsIn, resource)) {
        const { thing } = mention
        if (thing.name === name && thing.kind === kind && thing.namespace === namespace)
          found.push({ ...mention, resource })
      }
    }
  }
  return found
})

/**
 * The definitions of a thing: objects with its name, or pods with the label. For a service account without a
 * definition: the pods that use it.
 */
export function definitionsOf(mesh: Mesh, thing: Thing): readonly PlacedMention[] {
  const key = thingKey(thing)
  const mentions = candidates(mesh, thing).flatMap((resource) =>
    mesh
      .get(mentionsIn, resource)
      .filter((mention) => thingKey(mention.thing) === key)
      .map((mention) => ({ ...mention, resource })),
  )
  const definitions = mentions.filter(({ role }) => role === 'definition')
  return definitions.length > 0
    ? definitions
    : mentions.filter(
        ({ path }) =>
          thing.kind === 'ServiceAccount' && String(path.at(-1)).startsWith('serviceAccount'),
      )
}

/** The objects that may define a thing. */
function candidates(mesh: Mesh, { kind, namespace, name }: Thing): readonly Resource[] {
  if (kind === 'Label')
    return mesh.workloadsAt(
      namespace === ''
        ? keys.workloadsLabelledAnywhere(name)
        : keys.workloadsLabelled(namespace, name),
    )
  if (kind === 'Workload')
    return mesh.workloadsAt(keys.workloads(namespace)).filter((workload) => workload.name === name)
  const named = mesh.written<ResourceType>(kind, keys.named(kind, namespace, name))
  if (kind !== 'ServiceAccount') return named
  return [
    ...named,
    ...mesh.written('Gateway', keys.named('Gateway', namespace, name)),
    ...mesh.workloadsAt(keys.identity(namespace, name)),
  ]
}
