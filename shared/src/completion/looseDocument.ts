import type { Span } from '../text/lineIndex.js'
import type { FieldPath, PathSegment } from '../yaml/node.js'
import { addToGroup } from '../text/collections.js'

/** The position of the cursor in a document, as far as indentation and brackets show it. */
export interface Cursor {
  /** Path of the value, or of the mapping or list around a new key or item. */
  readonly path: FieldPath
  /** `open`: the word can become a key or a value. */
  readonly on: 'key' | 'value' | 'open'
  /** The part of the word before the cursor, without quotes. */
  readonly prefix: string
  /** The word, without its quotes, relative to the document. */
  readonly span: Span
  readonly quote: '' | '"' | "'"
  /** Column of the start of the key or value. */
  readonly column: number
  readonly inFlow: boolean
  /** The word is a key with its colon. */
  readonly hasColon: boolean
}

/**
 * A document read only by its indentation and brackets, so that half-typed text, which is not valid YAML, can be read
 * too. Of duplicate keys the last one counts.
 */
export class LooseDocument {
  readonly #values = new Map<string, string>()
  readonly #keys = new Map<string, string[]>()
  readonly #items = new Map<string, number>()
  cursor: Cursor | undefined

  value(...path: FieldPath): string | undefined {
    return this.#values.get(pathKey(path))
  }

  /** The keys of a mapping, without the key at the cursor. */
  keys(...path: FieldPath): readonly string[] {
    return this.#keys.get(pathKey(path)) ?? []
  }

  /** The number of items in a list. */
  length(...path: FieldPath): number {
    return this.#items.get(pathKey(path)) ?? 0
  }

  /** The keys of a mapping with a scalar value. */
  entries(...path: FieldPath): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.keys(...path).flatMap((key) => {
        const value = this.value(...path, key)
        return value === undefined ? [] : [[key, value]]
      }),
    )
  }

  addKey(path: FieldPath, key: string): void {
    addToGroup(this.#keys, pathKey(path), key)
  }

  /** Adds an item to a list and returns its index. */
  addItem(path: FieldPath): number {
    const index = this.length(...path)
    this.#items.set(pathKey(path), index + 1)
    return index
  }

  setValue(path: FieldPath, value: string): void {
    this.#values.set(pathKey(path), value)
  }
}

function pathKey(path: FieldPath): string {
  return path.map((segment: PathSegment) => String(segment)).join('\n')
}
