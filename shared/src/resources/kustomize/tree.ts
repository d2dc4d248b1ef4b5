import {
  entryOf,
  type ForeignText,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../../yaml/node.js'

/**
 * The tree with all of its values placed in another text. `place` maps a span of the tree to a span
 * of that text.
 */
export function relocate(
  node: YamlNode,
  foreign: ForeignText,
  place: (span: { readonly start: number; readonly end: number }) => {
    readonly start: number
    readonly end: number
  },
): YamlNode {
  const at = { ...place(node), foreign }
  switch (node.type) {
    case 'scalar':
      return { ...node, ...at }
    case 'seq':
      return { ...node, ...at, items: node.items.map((item) => relocate(item, foreign, place)) }
    case 'map':
      return {
        ...node,
        ...at,
        entries: node.entries.map(({ key, keySpan, value }) => ({
          key,
          keySpan: place(keySpan),
          value: relocate(value, foreign, place),
        })),
      }
  }
}

export function withEntry(map: YamlMap, entry: YamlEntry): YamlMap {
  const known = map.entries.findIndex(({ key }) => key === entry.key)
  return { ...map, entries: known < 0 ? [...map.entries, entry] : map.entries.with(known, entry) }
}

export function withoutEntry(map: YamlMap, key: string): YamlMap {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) }
}

/**
 * The tree with an entry added to the mapping at a path. A list on the path means each of its
 * items.
 *
 * @param create create the mappings of the path that are missing; else only existing mappings get
 * the entry.
 */
export function withEntryAt(
  node: YamlNode,
  path: readonly string[],
  { entry, create }: { readonly entry: YamlEntry; readonly create: boolean },
): YamlNode {
  if (node.type === 'seq')
    return { ...node, items: node.items.map((item) => withEntryAt(item, path, { entry, create })) }
  if (node.type === 'scalar') return node
  const [key, ...rest] = path
  if (key === undefined) return withEntry(node, entry)
  const known = entryOf(node, key)
  if (known && known.value.type !== 'scalar')
    return withEntry(node, { ...known, value: withEntryAt(known.value, rest, { entry, create }) })
  if (!create || (known?.value.type === 'scalar' && known.value.value !== null)) return node
  const { start, end, foreign } = entry.value
  const empty: YamlMap = { type: 'map', entries: [], start, end, ...(foreign ? { foreign } : {}) }
  return withEntry(node, {
    key,
    keySpan: entry.keySpan,
    value: withEntryAt(empty, rest, { entry, create }),
  })
}

/**
 * The tree with the string at a path changed in place. A list on the path means each of its items.
 */
export function withTextAt(
  node: YamlNode,
  path: readonly string[],
  change: (text: string) => string,
): YamlNode {
  if (node.type === 'seq')
    return { ...node, items: node.items.map((item) => withTextAt(item, path, change)) }
  const [key, ...rest] = path
  if (node.type === 'map') {
    const known = key === undefined ? undefined : entryOf(node, key)
    return known
      ? withEntry(node, { ...known, value: withTextAt(known.value, rest, change) })
      : node
  }
  if (key !== undefined || node.text === '') return node
  const text = change(node.text)
  return text === node.text ? node : { ...node, text, value: text, quoted: true }
}

/** The scalar at a path as text; undefined for null and for anything else. */
export function textAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  let at = node
  for (const key of path) at = entryOf(at, key)?.value
  return at?.type === 'scalar' && at.value !== null ? at.text : undefined
}

/** The scalars of the mapping at a path, such as labels. */
export function textsAt(
  node: YamlNode | undefined,
  ...path: readonly string[]
): ReadonlyMap<string, string> {
  let at = node
  for (const key of path) at = entryOf(at, key)?.value
  return new Map(
    at?.type === 'map'
      ? at.entries.flatMap(({ key, value }) =>
          value.type === 'scalar' ? [[key, value.text] as const] : [],
        )
      : [],
  )
}

/** The items of the list at a key; empty if it is no list. */
export function itemsOf(node: YamlNode | undefined, key: string): readonly YamlNode[] {
  const list = entryOf(node, key)?.value
  return list?.type === 'seq' ? list.items : []
}

/** The object with the values of its labels and annotations as strings, as kustomize writes them. */
export function withStringMetadata(root: YamlMap): YamlMap {
  const metadata = entryOf(root, 'metadata')
  if (metadata?.value.type !== 'map') return root
  const value = ['labels', 'annotations'].reduce<YamlMap>((map, key) => {
    const entry = entryOf(map, key)
    return entry?.value.type === 'map'
      ? withEntry(map, { ...entry, value: withStrings(entry.value) })
      : map
  }, metadata.value)
  return withEntry(root, { ...metadata, value })
}

function withStrings(map: YamlMap): YamlMap {
  return {
    ...map,
    entries: map.entries.map((entry) =>
      entry.value.type === 'scalar' && !entry.value.quoted && entry.value.value !== null
        ? { ...entry, value: { ...entry.value, value: entry.value.text, quoted: true } }
        : entry,
    ),
  }
}
