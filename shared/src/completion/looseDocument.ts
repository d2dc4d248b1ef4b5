import type { Span } from '../text/lineIndex.js'
import type { FieldPath, PathSegment } from '../yaml/node.js'
import { addToGroup } from '../text/collections.js'

/** Where the cursor is in a document, as far as indentation and brackets tell. */
export interface Cursor {
  /** Of the value, or of the mapping or list that a key or an item would go into. */
  readonly path: FieldPath
  /** `open`: what is typed may become a key or a value. */
  readonly on: 'key' | 'value' | 'open'
  /** What stands before the cursor of the word, without quotes. */
  readonly prefix: string
  /** The word, without its quotes, relative to the document. */
  readonly span: Span
  readonly quote: '' | '"' | "'"
  /** Column at which the key or value begins. */
  readonly column: number
  readonly inFlow: boolean
  /** The word is a key that has its colon already. */
  readonly hasColon: boolean
}

/**
 * A document read by its indentation and brackets alone, so that half-typed text, which is no YAML, still tells what is there. Duplicate keys: the last.
 */
export class LooseDocument {
  readonly #values = new Map<string, string>()
  readonly #keys = new Map<string, string[]>()
  readonly #items = new Map<string, number>()
  cursor: Cursor | undefined

  value(...path: FieldPath): string | undefined {
    return this.#values.get(pathKey(path))
  }

  /** The keys of a mapping but for the one at the cursor. */
  keys(...path: FieldPath): readonly string[] {
    return this.#keys.get(pathKey(path)) ?? []
  }

  /** How many items a list has. */
  length(...path: FieldPath): number {
    return this.#items.get(pathKey(path)) ?? 0
  }

  /** The scalars of a mapping. */
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
