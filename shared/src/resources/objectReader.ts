import type {
  FieldPath,
  PathSegment,
  YamlEntry,
  YamlMap,
  YamlNode,
  YamlScalar,
} from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { SourceMapBuilder } from './sourceMap.js'
import { NONE } from '../text/collections.js'

/** A field that a decoder cannot use. The path starts at the root of the object. */
export interface DecodeProblem {
  readonly path: FieldPath
  readonly message: string
  /** The problem is the key; else the value. */
  readonly on?: 'key'
  /** The rule that reports it, if it is not `invalid-resource`. */
  readonly rule?: string
  readonly repair?: Repair
  /** What the release and the flags of istiod must support, so that this is no problem. */
  readonly needs?: 'httpRouteTargets'
}

/** A change after which the API server accepts the field. */
export type Repair =
  /** Write the value as a string. */
  | { readonly kind: 'quote'; readonly text: string }
  /** Rename the key to one of these. */
  | { readonly kind: 'rename-key'; readonly among: readonly string[] }
  /** Use one of these values. */
  | { readonly kind: 'choose-value'; readonly written: string; readonly among: readonly string[] }
  | { readonly kind: 'replace'; readonly value: string }

/** The state that all readers of one object share. */
export interface DecodeSession {
  readonly builder: SourceMapBuilder
  readonly problems: DecodeProblem[]
  /** Paths of scalars that are placeholders for a value of another tool. */
  readonly placeholders: FieldPath[]
  /** Returns one copy of each string, independent of the text of the file. */
  readonly intern: (text: string) => string
}

/** The parent of a reader's mapping, with the key, and the index if it is in a list. */
interface Place {
  readonly parent: ObjectReader
  readonly key: string
  readonly index?: number
}

/**
 * Reads the fields of one mapping and records their places. A field of the wrong type is a problem
 * and reads as absent. Lists keep their length, so that indexes in the decoded value are indexes in
 * the text.
 */
export class ObjectReader {
  readonly #map: YamlMap | undefined
  readonly #session: DecodeSession
  readonly #row: number
  readonly #place: Place | undefined
  /** The row of each entry in the source map; -1 if it was not read. */
  #rows: number[] | undefined

  private constructor(
    map: YamlMap | undefined,
    session: DecodeSession,
    row: number,
    place?: Place,
  ) {
    this.#map = map
    this.#session = session
    this.#row = row
    this.#place = place
  }

  /** From the root of the object. Computed on request, because it is rarely needed. */
  get path(): FieldPath {
    if (!this.#place) return []
    const { parent, key, index } = this.#place
    return parent.path.concat(index === undefined ? [key] : [key, index])
  }

  /** A reader of a whole object. */
  static root(node: YamlNode, session: DecodeSession): ObjectReader {
    return new ObjectReader(
      node.type === 'map' ? node : undefined,
      session,
      session.builder.addObject(node),
    )
  }

  has(key: string): boolean {
    return this.#entry(key) !== undefined
  }

  /** Whether the key exists with a value other than null. */
  hasValue(key: string): boolean {
    const entry = this.#entry(key)
    return entry !== undefined && !isNull(entry.value)
  }

  keys(): string[] {
    return (this.#map?.entries ?? []).map((entry) => this.#session.intern(entry.key))
  }

  string(key: string): string | undefined {
    const scalar = this.#scalar(key, 'a string')
    return scalar === undefined ? undefined : this.#text(scalar, key)
  }

  boolean(key: string): boolean | undefined {
    const scalar = this.#scalar(key, 'true or false')
    if (scalar === undefined || scalar.value === null) return undefined
    if (typeof scalar.value === 'boolean') return scalar.value
    if (!this.#opaque(scalar, key)) this.#wrong(key, 'true or false')
    return undefined
  }

  integer(key: string): number | undefined {
    const scalar = this.#scalar(key, 'a number')
    if (scalar === undefined || scalar.value === null) return undefined
    if (typeof scalar.value === 'number') return scalar.value
    if (!this.#opaque(scalar, key)) this.#wrong(key, 'a number')
    return undefined
  }

  /** A Kubernetes `IntOrString`: a number, or anything else as a name. */
  intOrString(key: string): number | string | undefined {
    const scalar = this.#scalar(key, 'a number or a name')
    if (scalar === undefined || scalar.value === null) return undefined
    return typeof scalar.value === 'number' ? scalar.value : this.#text(scalar, key)
  }

  /** A list of strings; undefined if the key is absent. An item that is no scalar reads as `''`. */
  strings(key: string): readonly string[] | undefined {
    const found = this.#list(key)
    if (!found) return undefined
    return found.items.map((item, index) => {
      this.#session.builder.addItem(found.row, index, item)
      if (item.type === 'scalar') return this.#text(item, key, index)
      this.#session.problems.push({
        path: [...this.path, key, index],
        message: 'This must be a string.',
      })
      return ''
    })
  }

  /** A mapping of strings, such as labels. Values that are not scalars are left out. */
  stringMap(key: string): Readonly<Record<string, string>> | undefined {
    const entry = this.#entry(key)
    if (!entry || isNull(entry.value)) return undefined
    if (entry.value.type !== 'map') {
      this.#wrong(key, 'a mapping')
      return undefined
    }
    const row = this.#rowOf(key)
    // Without a prototype, because a key may be `__proto__`. Removed after creation, which keeps the object fast in V8.
    const result = Object.setPrototypeOf({}, null) as Record<string, string>
    for (const item of entry.value.entries) {
      const name = this.#session.intern(item.key)
      this.#session.builder.addEntry(row, name, item)
      if (item.value.type === 'scalar') result[name] = this.#text(item.value, key, name)
      else
        this.#session.problems.push({
          path: [...this.path, key, name],
          message: 'This must be a string.',
        })
    }
    return result
  }

  object(key: string): ObjectReader | undefined {
    const entry = this.#entry(key)
    if (!entry || isNull(entry.value)) return undefined
    if (entry.value.type !== 'map') {
      this.#wrong(key, 'a mapping')
      return undefined
    }
    return this.#reader(entry.value, this.#rowOf(key), key)
  }

  /**
   * A list of mappings. An item that is no mapping reads as an empty one whose `missing` is true.
   */
  objects(key: string): readonly ObjectReader[] | undefined {
    const found = this.#list(key)
    if (!found) return undefined
    return found.items.map((item, index) => {
      const row = this.#session.builder.addItem(found.row, index, item)
      if (item.type !== 'map' && !isNull(item))
        this.#session.problems.push({
          path: [...this.path, key, index],
          message: 'This must be a mapping.',
        })
      return this.#reader(item.type === 'map' ? item : undefined, row, key, index)
    })
  }

  /** The values of a mapping of mappings, by key. */
  objectMap(key: string): ReadonlyMap<string, ObjectReader> | undefined {
    const inner = this.object(key)
    if (!inner) return undefined
    return new Map(
      inner
        .keys()
        .map((name) => [name, inner.object(name) ?? inner.#reader(undefined, inner.#row, name)]),
    )
  }

  /** Whether the item is null or no mapping. */
  get isMissing(): boolean {
    return this.#map === undefined
  }

  #reader(map: YamlMap | undefined, row: number, key: string, index?: number): ObjectReader {
    return new ObjectReader(
      map,
      this.#session,
      row,
      index === undefined ? { parent: this, key } : { parent: this, key, index },
    )
  }

  #entry(key: string): YamlEntry | undefined {
    const index = this.#indexOf(key)
    const entry = this.#map?.entries[index]
    if (!entry) return undefined
    this.#rows ??= new Array<number>(this.#map.entries.length).fill(-1)
    if (this.#rows[index] === -1)
      this.#rows[index] = this.#session.builder.addEntry(this.#row, key, entry)
    return entry
  }

  #indexOf(key: string): number {
    const entries = this.#map?.entries ?? NONE
    for (let index = 0; index < entries.length; index++)
      if (entries[index]?.key === key) return index
    return -1
  }

  /** The row of an entry after it was read. */
  #rowOf(key: string): number {
    return this.#rows?.[this.#indexOf(key)] ?? this.#row
  }

  #list(key: string): { readonly items: readonly YamlNode[]; readonly row: number } | undefined {
    const entry = this.#entry(key)
    if (!entry || isNull(entry.value)) return undefined
    if (entry.value.type !== 'seq') {
      this.#wrong(key, 'a list')
      return undefined
    }
    return { items: entry.value.items, row: this.#rowOf(key) }
  }

  #scalar(key: string, wanted: string): YamlScalar | undefined {
    const entry = this.#entry(key)
    if (!entry) return undefined
    if (entry.value.type === 'scalar') return isNull(entry.value) ? undefined : entry.value
    this.#wrong(key, wanted)
    return undefined
  }

  #text(scalar: YamlScalar, key: string, item?: PathSegment): string {
    if (isPlaceholder(scalar.text))
      this.#session.placeholders.push([...this.path, key, ...(item === undefined ? [] : [item])])
    return this.#session.intern(scalar.text)
  }

  /** Whether a field is a placeholder for a value of another tool. */
  #opaque(scalar: YamlScalar, key: string): boolean {
    if (!isPlaceholder(scalar.text)) return false
    this.#session.placeholders.push([...this.path, key])
    return true
  }

  #wrong(key: string, wanted: string): void {
    const value = this.#entry(key)?.value
    if (value?.type === 'scalar' && this.#opaque(value, key)) return
    this.#session.problems.push({
      path: [...this.path, key],
      message: `"${key}" must be ${wanted}.`,
    })
  }
}

function isNull(node: YamlNode): boolean {
  return node.type === 'scalar' && node.value === null && !node.quoted
}
