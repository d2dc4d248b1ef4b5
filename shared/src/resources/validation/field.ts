import {
  entryOf,
  type FieldPath,
  type PathSegment,
  type YamlEntry,
  type YamlNode,
} from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { apiScalar } from './apiValue.js'
import { NONE } from '../../text/collections.js'

/**
 * A field of an object, which may be absent. A value of another type than requested reads as empty:
 * the schema reports the type, and the checks have nothing to add.
 */
export class Field {
  readonly node: YamlNode | undefined
  readonly #parent: Field | undefined
  readonly #segment: PathSegment

  private constructor(node: YamlNode | undefined, parent: Field | undefined, segment: PathSegment) {
    this.node = node
    this.#parent = parent
    this.#segment = segment
  }

  static root(node: YamlNode): Field {
    return new Field(node, undefined, '')
  }

  /** Computed on request, because most fields are valid. */
  get path(): FieldPath {
    return this.#parent ? [...this.#parent.path, this.#segment] : []
  }

  get(key: string): Field {
    return new Field(entryOf(this.node, key)?.value, this, key)
  }

  /** Whether the field exists and is not null, as `has()` in CEL. */
  get exists(): boolean {
    return (
      this.node !== undefined && !(this.node.type === 'scalar' && apiScalar(this.node) === null)
    )
  }

  /** Whether the value is a placeholder for a value of another tool. */
  get isOpaque(): boolean {
    return this.node?.type === 'scalar' && isPlaceholder(this.node.text)
  }

  /** The value of a string; undefined for any other value and for a placeholder. */
  get text(): string | undefined {
    return textOf(this.node)
  }

  get isList(): boolean {
    return this.node?.type === 'seq'
  }

  get isMapping(): boolean {
    return this.node?.type === 'map'
  }

  get items(): readonly Field[] {
    return this.node?.type === 'seq'
      ? this.node.items.map((item, index) => new Field(item, this, index))
      : NONE
  }

  get entries(): readonly YamlEntry[] {
    return this.node?.type === 'map' ? this.node.entries : NONE
  }

  /** The key of a field, or the index of an item. */
  get name(): string {
    return String(this.#segment)
  }

  /** The fields of a mapping. */
  get fields(): readonly Field[] {
    return this.entries.map(({ key, value }) => new Field(value, this, key))
  }

  /** The strings of a list for which `is` is true. In most lists there are none. */
  itemsWhere(is: (text: string) => boolean): readonly Field[] {
    if (this.node?.type !== 'seq') return NONE
    const found: Field[] = []
    for (const [index, item] of this.node.items.entries()) {
      const text = textOf(item)
      if (text !== undefined && is(text)) found.push(new Field(item, this, index))
    }
    return found
  }

  /** Whether the field is absent, null, or an empty list or mapping. */
  get isEmpty(): boolean {
    if (this.node?.type === 'seq') return this.node.items.length === 0
    return this.node?.type === 'map' ? this.node.entries.length === 0 : !this.exists
  }
}

function textOf(node: YamlNode | undefined): string | undefined {
  if (node?.type !== 'scalar' || isPlaceholder(node.text)) return undefined
  const value = apiScalar(node)
  return typeof value === 'string' ? value : undefined
}
