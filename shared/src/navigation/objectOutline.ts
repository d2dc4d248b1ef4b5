import { lensesFor } from '../explain/lenses.js'
import { explainObject } from '../explain/explainObject.js'
import type { Mesh } from '../mesh/mesh.js'
import type { DocumentFacts } from '../resources/documentFacts.js'
import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import { printable } from '../text/printable.js'
import { entryOf, type YamlEntry, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'

/** An object or one of its parts, as the outline of an editor shows it. */
export interface OutlineItem {
  readonly name: string
  /** A few words beside the name; can be empty. */
  readonly detail: string
  readonly kind: 'object' | 'list' | 'mapping'
  /** Undefined for the parts of an object. */
  readonly resource: Resource | undefined
  /** Relative to the text of the document. `selection` is inside of `span`. */
  readonly span: Span
  readonly selection: Span
  readonly children: readonly OutlineItem[]
}

/** Parts deeper than this are not shown: `rules` → `rule 1` → `from` is 4. */
const MAX_DEPTH = 4

/**
 * The objects of a document with their parts. The detail of an object is the text of its code lens, the detail of a
 * rule is the rule in words. Fields that another file contains are left out.
 */
export function objectOutline(
  mesh: Mesh,
  text: string,
  { resources, sources }: Pick<DocumentFacts, 'resources' | 'sources'>,
): readonly OutlineItem[] {
  const shown = resources.filter(({ type, name }) => type !== 'Other' && name !== '')
  if (shown.length === 0) return []
  const { root } = parseYaml(text)
  const objects = root ? objectsIn(root) : []
  return resources.flatMap((resource, index): OutlineItem[] => {
    if (!shown.includes(resource)) return []
    const spans = sources[index]?.find([])
    const node = objects.find(({ start }) => start === spans?.value.start)
    return node && !spans?.foreign ? [itemOf(mesh, resource, node)] : []
  })
}

/** The document, and the items of a `List`. */
function objectsIn(root: YamlNode): YamlNode[] {
  const items = entryOf(root, 'items')?.value
  return [root, ...(items?.type === 'seq' ? items.items.flatMap(objectsIn) : [])]
}

function itemOf(mesh: Mesh, resource: Resource, node: YamlNode): OutlineItem {
  const name = entryOf(entryOf(node, 'metadata')?.value, 'name')?.value
  const [lens] = lensesFor(mesh, resource)
  const spec = entryOf(node, 'spec')
  return {
    name: printable(`${resource.type} ${resource.name}`),
    detail: printable(lens?.title ?? explainObject(mesh, resource)?.summary ?? ''),
    kind: 'object',
    resource,
    span: { start: node.start, end: node.end },
    selection: name && isInside(name, node) ? spanOf(name) : { start: node.start, end: node.start },
    children: spec
      ? partsOf(spec.value, node, { depth: 1, ruleTexts: ruleTexts(mesh, resource) })
      : [],
  }
}

/** What the parts of an object need beside their YAML. */
interface Parts {
  readonly depth: number
  /** The rules of a policy in words; empty below `rules`. */
  readonly ruleTexts: readonly string[]
}

function ruleTexts(mesh: Mesh, resource: Resource): readonly string[] {
  const explanation =
    resource.type === 'AuthorizationPolicy' ? explainObject(mesh, resource) : undefined
  return explanation?.kind === 'AuthorizationPolicy'
    ? explanation.rules.map(({ text }) => text)
    : []
}

function partsOf(node: YamlNode, parent: Span, parts: Parts): OutlineItem[] {
  if (parts.depth > MAX_DEPTH || node.foreign || !isInside(node, parent)) return []
  const below = { ...parts, depth: parts.depth + 1 }
  return node.type === 'map'
    ? node.entries.flatMap((entry) => entryParts(entry, parent, below))
    : []
}

function entryParts({ key, keySpan, value }: YamlEntry, parent: Span, parts: Parts): OutlineItem[] {
  const span = { start: keySpan.start, end: Math.max(keySpan.end, value.end) }
  const isShown = value.type === 'seq' || (value.type === 'map' && value.entries.length > 0)
  if (!isShown || value.foreign || !isInside(span, parent)) return []
  const isRules = key === 'rules' && parts.ruleTexts.length > 0
  return [
    {
      name: key === '' ? '""' : printable(key),
      detail: printable(scalarsOf(value)),
      kind: value.type === 'seq' ? 'list' : 'mapping',
      resource: undefined,
      span,
      selection: keySpan,
      children:
        value.type === 'seq'
          ? value.items.flatMap((item, index) =>
              listParts(item, span, { index, isRule: isRules, list: key, parts }),
            )
          : partsOf(value, span, { ...parts, ruleTexts: [] }),
    },
  ]
}

function listParts(
  item: YamlNode,
  parent: Span,
  {
    index,
    isRule,
    list,
    parts,
  }: {
    readonly index: number
    readonly isRule: boolean
    readonly list: string
    readonly parts: Parts
  },
): OutlineItem[] {
  if (item.type !== 'map' || item.foreign || !isInside(item, parent)) return []
  const [first] = item.entries
  return [
    {
      name: isRule ? `rule ${index + 1}` : printable(itemName(item, `${list} ${index + 1}`)),
      detail: isRule ? printable(parts.ruleTexts[index] ?? '') : '',
      kind: 'mapping',
      resource: undefined,
      span: spanOf(item),
      selection: first && isInside(first.keySpan, item) ? first.keySpan : spanOf(item),
      children: partsOf(item, item, { depth: parts.depth + 1, ruleTexts: [] }),
    },
  ]
}

/** `Service cart`, `http`, or the name of the list with a number. */
function itemName(item: YamlNode, otherwise: string): string {
  const texts = ['kind', 'name', 'key'].flatMap((key) => {
    const value = entryOf(item, key)?.value
    return value?.type === 'scalar' && value.text !== '' ? [value.text] : []
  })
  return texts.length === 0 ? otherwise : texts.join(' ')
}

/** The values of a list of scalars, or the entries of a short mapping of scalars. */
function scalarsOf(value: YamlNode): string {
  const texts =
    value.type === 'seq'
      ? value.items.flatMap((item) => (item.type === 'scalar' ? [item.text] : []))
      : value.type === 'map'
        ? value.entries.flatMap((entry) =>
            entry.value.type === 'scalar' ? [`${entry.key}: ${entry.value.text}`] : [],
          )
        : []
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')}, …` : texts.join(', ')
}

function spanOf({ start, end }: Span): Span {
  return { start, end }
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}
