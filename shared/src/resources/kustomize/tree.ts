import {
  entryOf,
  type ForeignText,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../../yaml/node.js'

/** A tree whose values stand in another text. `place` maps spans of the tree to spans of that text. */
export function claim(
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
      return { ...node, ...at, items: node.items.map((item) => claim(item, foreign, place)) }
    case 'map':
      return {
        ...node,
        ...at,
        entries: node.entries.map(({ key, keySpan, value }) => ({
          key,
          keySpan: place(keySpan),
          value: claim(value, foreign, place),
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
 * The tree with an entry added to the mappings at a path; a list on the way stands for each of its items.
 *
 * @param create makes the mappings that the path lacks, else only what is there gets the entry.
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

/** The tree with the text at a path changed, which stands where it stood; a list on the way stands for each of its items. */
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

export function textAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  let at = node
  for (const key of path) at = entryOf(at, key)?.value
  return at?.type === 'scalar' && at.value !== null ? at.text : undefined
}

/** The strings of a mapping, such as labels. */
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
