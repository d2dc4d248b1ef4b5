import { entryOf, type YamlMap, type YamlNode, type YamlSeq } from '../../yaml/node.js'
import { textAt, withEntry, withoutEntry } from './tree.js'

/** Merge keys of lists in built-in kinds. In custom resources every list is replaced. */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...[
    'containers',
    'initContainers',
    'ephemeralContainers',
    'env',
    'volumes',
    'imagePullSecrets',
    'webhooks',
  ].map((list): [string, readonly string[]] => [list, ['name']]),
  ['volumeMounts', ['mountPath']],
  ['hostAliases', ['ip']],
  ['ports', ['containerPort', 'port']],
])

/**
 * Applies a strategic merge patch (kubernetes-sigs/kustomize kyaml/yaml/merge2): null removes a
 * field, `$patch` replaces or deletes, and items of the patch are first in a merged list.
 *
 * @param builtin whether the kind is built into Kubernetes, so that its lists have merge keys.
 * @returns undefined if the patch deletes the object.
 */
export function strategicMerge(
  target: YamlMap,
  patch: YamlMap,
  builtin: boolean,
): YamlMap | undefined {
  const directive = textAt(patch, '$patch')
  if (directive === 'delete') return undefined
  if (directive === 'replace') return withoutDirectives(patch)
  let result: YamlMap | undefined = target
  for (const entry of patch.entries) {
    if (entry.key === '$patch') continue
    const known = entryOf(result, entry.key)
    const value: YamlNode | undefined = known
      ? merged(entry.key, known.value, { patch: entry.value, builtin })
      : added(entry.value)
    if (value === undefined) result = withoutEntry(result, entry.key)
    else
      result = withEntry(result, {
        key: entry.key,
        keySpan: value.foreign || !known ? entry.keySpan : known.keySpan,
        value,
      })
  }
  return result
}

/** Whether a mapping in a tree has a directive of such a patch, which no object has. */
export function hasPatchDirective(node: YamlNode): boolean {
  if (node.type === 'seq') return node.items.some(hasPatchDirective)
  return (
    node.type === 'map' &&
    node.entries.some(({ key, value }) => key === '$patch' || hasPatchDirective(value))
  )
}

interface Merging {
  readonly patch: YamlNode
  readonly builtin: boolean
}

function merged(key: string, target: YamlNode, { patch, builtin }: Merging): YamlNode | undefined {
  if (patch.type === 'map' && target.type === 'map') return strategicMerge(target, patch, builtin)
  const keys =
    builtin && patch.type === 'seq' && target.type === 'seq' ? MERGE_KEYS.get(key) : undefined
  return keys && patch.type === 'seq' && target.type === 'seq'
    ? mergeLists(target, patch, keys)
    : added(patch)
}

function added(patch: YamlNode): YamlNode | undefined {
  if (patch.type === 'scalar') return patch.value === null && !patch.quoted ? undefined : patch
  if (patch.type === 'seq')
    return {
      ...patch,
      items: patch.items
        .filter((item) => textAt(item, '$patch') !== 'delete')
        .map((item) => (item.type === 'map' ? withoutDirectives(item) : item)),
    }
  return textAt(patch, '$patch') === 'delete' ? undefined : withoutDirectives(patch)
}

function withoutDirectives(map: YamlMap): YamlMap {
  return {
    ...map,
    entries: map.entries.flatMap((entry) => {
      const value = entry.key === '$patch' ? undefined : added(entry.value)
      return value ? [{ ...entry, value }] : []
    }),
  }
}

function mergeLists(target: YamlSeq, patch: YamlSeq, keys: readonly string[]): YamlNode {
  const isReplaced = patch.items.some(
    (item) =>
      item.type === 'map' && item.entries.length === 1 && textAt(item, '$patch') === 'replace',
  )
  const items = patch.items.filter(
    (item) =>
      !(item.type === 'map' && item.entries.length === 1 && entryOf(item, '$patch') !== undefined),
  )
  if (isReplaced) return { ...patch, items }
  const rest = [...target.items]
  const merged = items.map((change) => {
    const at = rest.findIndex((item) => isSameItem(item, change, keys))
    const item = rest[at]
    if (item?.type !== 'map' || change.type !== 'map')
      return { item: undefined, value: added(change) }
    rest.splice(at, 1)
    return { item, value: strategicMerge(item, change, true) }
  })
  // In lists with two possible keys, merged items keep their place.
  const keepsPlace = keys.length > 1
  const first = merged.flatMap(({ item, value }) => (item && keepsPlace ? [] : (value ?? [])))
  const others = keepsPlace
    ? target.items.map((item) => {
        const change = merged.find((one) => one.item === item)
        return change ? change.value : item
      })
    : rest
  return { ...target, items: [...first, ...others.flatMap((item) => item ?? [])] }
}

/** Ports with the same number are different items if both have a protocol and these differ. */
function isSameItem(a: YamlNode, b: YamlNode, keys: readonly string[]): boolean {
  const key = keys.find((candidate) => textAt(a, candidate) !== undefined)
  if (key === undefined || textAt(a, key) !== textAt(b, key)) return false
  const [one, other] = [textAt(a, 'protocol'), textAt(b, 'protocol')]
  return one === undefined || other === undefined || one === other
}
