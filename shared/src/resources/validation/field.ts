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
 * A field of an object, present or not. What is of another type than asked for reads as empty: its type is complained of elsewhere, and a check that meets
 * it has nothing to add.
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

  /** Made when asked for: most fields are right and nobody asks. */
  get path(): FieldPath {
    return this.#parent ? [...this.#parent.path, this.#segment] : []
  }

  get(key: string): Field {
    return new Field(entryOf(this.node, key)?.value, this, key)
  }

  /** Whether the field is there and not null: `has()` of the API server's rules. */
  get exists(): boolean {
    return (
      this.node !== undefined && !(this.node.type === 'scalar' && apiScalar(this.node) === null)
    )
  }

  /** Whether another tool fills in the value, so that nothing is known of it. */
  get isOpaque(): boolean {
    return this.node?.type === 'scalar' && isPlaceholder(this.node.text)
  }

  /** The value of a string; undefined where it is none or another tool fills it in. */
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

  /** The name of a field of a mapping, or the index of an item. */
  get name(): string {
    return String(this.#segment)
  }

  /** The fields of a mapping. */
  get fields(): readonly Field[] {
    return this.entries.map(({ key, value }) => new Field(value, this, key))
  }

  /** The strings of a list that `is` holds of. Fields are made of these alone: mostly there are none. */
  itemsWhere(is: (text: string) => boolean): readonly Field[] {
    if (this.node?.type !== 'seq') return NONE
    const found: Field[] = []
    for (const [index, item] of this.node.items.entries()) {
      const text = textOf(item)
      if (text !== undefined && is(text)) found.push(new Field(item, this, index))
    }
    return found
  }

  /** Whether it is nothing but an empty list or mapping, or not there at all. */
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
