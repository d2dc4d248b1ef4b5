import { query, type Mesh } from '../mesh/mesh.js'
import { thingKey, type PlacedMention, type Thing } from './mention.js'
import { mentionsIn } from './mentions.js'
import { definitionsOf, mentionsOf, NAMING_KINDS } from './mentionsOf.js'

/**
 * The fields that change when a thing is renamed: those that name it, and those that name another thing with the same
 * definition. Example: istiod names the service account of a waypoint after its Gateway. A label in a selector of the
 * root namespace is renamed in all namespaces.
 */
export const sameNames = query('same names', (mesh, key: string): readonly PlacedMention[] => {
  const found = new Set<string>([key])
  const mentions = new Map<string, PlacedMention>()
  // Iteration over a Set includes the elements added during the iteration.
  for (const thing of found) {
    for (const mention of mesh.get(mentionsOf, thing)) {
      mentions.set(`${placeKey(mention)} ${mention.part?.start ?? ''}`, mention)
      if (mention.role === 'definition')
        for (const other of sameDefinition(mesh, mention)) found.add(other)
    }
  }
  return [...mentions.values()]
})

/** The other things with the same definition, without a label of all namespaces that no selector has. */
function sameDefinition(mesh: Mesh, { resource, path, thing }: PlacedMention): string[] {
  const others = mesh
    .get(mentionsIn, resource)
    .filter(
      (other) =>
        other.role === 'definition' &&
        other.path.join('\n') === path.join('\n') &&
        thingKey(other.thing) !== thingKey(thing),
    )
  return others
    .map((other) => other.thing)
    .filter(
      (other) =>
        other.kind !== 'Label' ||
        other.namespace !== '' ||
        mesh.get(mentionsOf, thingKey(other)).some(({ role }) => role === 'reference'),
    )
    .map(thingKey)
}

function placeKey({ resource: { origin }, path }: PlacedMention): string {
  return [origin.file, origin.document, origin.ordinal, ...path].join('\n')
}

/** Why a thing cannot be renamed; undefined if it can. */
export function whyNotRenamed(mesh: Mesh, { kind, name }: Thing): string | undefined {
  if (kind === 'ServiceAccount' && name === 'default')
    return 'The service account "default" cannot be renamed: Kubernetes creates it.'
  if (kind === 'GatewayClass' && !mesh.named('GatewayClass', '', name))
    return `The class "${name}" cannot be renamed: it is one of Istio's own.`
  const isPlaced =
    kind === 'Namespace' &&
    NAMING_KINDS.some((type) =>
      mesh
        .inNamespace(type, name)
        .some(({ namespaceSource }) => namespaceSource === 'kustomization'),
    )
  return isPlaced ? `Namespace "${name}" is set by a kustomization: rename it there.` : undefined
}

/** Why a name is not valid for a thing; undefined if it is. */
export function whyNoName(mesh: Mesh, thing: Thing, name: string): string | undefined {
  if (thing.kind === 'Label')
    return /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(name)
      ? undefined
      : 'A label value has at most 63 letters, digits, ".", "_" or "-", and starts and ends with a letter or digit.'
  const isName =
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) &&
    (thing.kind !== 'Namespace' || !name.includes('.'))
  if (!isName)
    return 'A name has only lower-case letters, digits and "-", and starts and ends with a letter or digit.'
  const isTaken =
    name !== thing.name &&
    definitionsOf(mesh, { ...thing, name }).some(({ role }) => role === 'definition')
  return isTaken ? `A ${thing.kind} "${name}" exists already.` : undefined
}
