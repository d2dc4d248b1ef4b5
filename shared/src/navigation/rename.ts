import { query, type Mesh } from '../mesh/mesh.js'
import { thingKey, type PlacedMention, type Thing } from './mention.js'
import { mentionsIn } from './mentions.js'
import { definitionsOf, mentionsOf, NAMING_KINDS } from './mentionsOf.js'

/**
 * What has to change with a thing's name: fields that name it, and those that name what has its name by the same field — the service account that istiod
 * makes for a waypoint. A label that selectors of the root namespace look for is one in all namespaces.
 */
export const sameNames = query('same names', (mesh, key: string): readonly PlacedMention[] => {
  const found = new Set<string>([key])
  const mentions = new Map<string, PlacedMention>()
  // A set yields what is added to it while it is walked.
  for (const thing of found) {
    for (const mention of mesh.get(mentionsOf, thing)) {
      mentions.set(`${placeKey(mention)} ${mention.part?.start ?? ''}`, mention)
      if (mention.role === 'definition')
        for (const other of namedBySameField(mesh, mention)) found.add(other)
    }
  }
  return [...mentions.values()]
})

/** The other things that a definition defines, but for a label of all namespaces that nobody looks for. */
function namedBySameField(mesh: Mesh, { resource, path, thing }: PlacedMention): string[] {
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

/** What a rename of a thing could not carry out; undefined where it may be renamed. */
export function whyNotRenamed(mesh: Mesh, { kind, name }: Thing): string | undefined {
  if (kind === 'ServiceAccount' && name === 'default')
    return 'Kubernetes gives the service account "default" its name.'
  if (kind === 'GatewayClass' && !mesh.named('GatewayClass', '', name))
    return `The class "${name}" is Istio's own: its name is fixed.`
  const isPlaced =
    kind === 'Namespace' &&
    NAMING_KINDS.some((type) =>
      mesh
        .inNamespace(type, name)
        .some(({ namespaceSource }) => namespaceSource === 'kustomization'),
    )
  return isPlaced ? `A kustomization names the namespace "${name}": change it there.` : undefined
}

/** Why a thing cannot have a name; undefined where it can. */
export function whyNoName(mesh: Mesh, thing: Thing, name: string): string | undefined {
  if (thing.kind === 'Label')
    return /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(name)
      ? undefined
      : 'The value of a label has letters, digits, ".", "_" and "-" in it, at most 63, and begins and ends with a letter or digit.'
  const isName =
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) &&
    (thing.kind !== 'Namespace' || !name.includes('.'))
  if (!isName)
    return 'A name has lower-case letters, digits and "-" in it, and begins and ends with a letter or digit.'
  const isTaken =
    name !== thing.name &&
    definitionsOf(mesh, { ...thing, name }).some(({ role }) => role === 'definition')
  return isTaken ? `There is a ${thing.kind} "${name}" already.` : undefined
}
