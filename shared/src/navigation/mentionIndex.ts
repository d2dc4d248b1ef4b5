import { query, type Mesh } from '../mesh/mesh.js'
import type { ResourceType } from '../resources/resource.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { thingKey, type PlacedMention, type Thing } from './mention.js'
import { mentionsIn } from './mentions.js'

/** Kinds whose objects name something or are named. */
const KINDS: readonly ResourceType[] = [
  'Namespace', 'ServiceAccount', 'Service', 'ServiceEntry', 'Gateway', 'GatewayClass', ...WORKLOAD_KINDS, 'WorkloadEntry', 'AuthorizationPolicy', 'PeerAuthentication',
  'RequestAuthentication', 'NetworkPolicy', 'HTTPRoute', 'GRPCRoute', 'VirtualService',
]

/** Every mention in a mesh, by the key of what is named. Built when it is first asked for after a change; the mentions of unchanged objects are remembered. */
const mentionIndex = query('mention index', (mesh, _: ''): ReadonlyMap<string, readonly PlacedMention[]> => {
  const index = new Map<string, PlacedMention[]>()
  for (const kind of KINDS) {
    for (const resource of mesh.all(kind)) {
      for (const mention of mesh.get(mentionsIn, resource)) {
        const key = thingKey(mention.thing)
        const known = index.get(key)
        const placed = { ...mention, resource }
        if (known) known.push(placed)
        else index.set(key, [placed])
      }
    }
  }
  return index
})

/** Every field that names a thing, by its key (`thingKey`). */
export const mentionsOf = query('mentions of', (mesh, key: string): readonly PlacedMention[] => mesh.get(mentionIndex, '').get(key) ?? [])

/**
 * What has to change with a thing's name: fields that name it, and those that name what has its name by the same field — the service account that istiod
 * makes for a waypoint. A label that selectors of the root namespace look for is one in all namespaces.
 */
export const sameNames = query('same names', (mesh, key: string): readonly PlacedMention[] => {
  const index = mesh.get(mentionIndex, '')
  const byPlace = new Map<string, string[]>()
  for (const [other, mentions] of index) {
    const isUsed = !other.startsWith('Label||') || mentions.some(({ role }) => role === 'reference')
    if (!isUsed) continue
    for (const mention of mentions) if (mention.role === 'definition') byPlace.set(placeKey(mention), [...(byPlace.get(placeKey(mention)) ?? []), other])
  }
  const found = new Set<string>([key])
  // A set yields what is added to it while it is walked.
  for (const thing of found) {
    for (const mention of index.get(thing) ?? []) for (const other of mention.role === 'definition' ? (byPlace.get(placeKey(mention)) ?? []) : []) found.add(other)
  }
  const mentions = [...found].flatMap((thing) => index.get(thing) ?? [])
  return [...new Map(mentions.map((mention) => [`${placeKey(mention)} ${mention.part?.start ?? ''}`, mention])).values()]
})

function placeKey({ resource: { origin }, path }: PlacedMention): string {
  return [origin.file, origin.document, origin.ordinal, ...path].join('\n')
}

/** Where a thing is defined; where nothing defines a service account, the pods that run as it. */
export function definitionsOf(mentions: readonly PlacedMention[]): readonly PlacedMention[] {
  const definitions = mentions.filter(({ role }) => role === 'definition')
  return definitions.length > 0 ? definitions : mentions.filter(({ thing, path }) => thing.kind === 'ServiceAccount' && path.at(-1) === 'serviceAccountName')
}

/** What a rename of a thing could not carry out; undefined where it may be renamed. */
export function whyNotRenamed(mesh: Mesh, { kind, name }: Thing): string | undefined {
  if (kind === 'ServiceAccount' && name === 'default') return 'Kubernetes gives the service account "default" its name.'
  if (kind === 'GatewayClass' && !mesh.named('GatewayClass', '', name)) return `The class "${name}" is Istio's own: its name is fixed.`
  const isPlaced = kind === 'Namespace' && KINDS.some((type) => mesh.inNamespace(type, name).some(({ namespaceSource }) => namespaceSource === 'kustomization'))
  return isPlaced ? `A kustomization names the namespace "${name}": change it there.` : undefined
}

/** Why a text can be no name of such a thing; undefined where it can. */
export function whyNoName(kind: Thing['kind'], name: string): string | undefined {
  if (kind === 'Label') return /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(name) ? undefined : 'The value of a label has letters, digits, ".", "_" and "-" in it, at most 63, and begins and ends with a letter or digit.'
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) && (kind !== 'Namespace' || !name.includes('.')) ? undefined : 'A name has lower-case letters, digits and "-" in it, and begins and ends with a letter or digit.'
}
