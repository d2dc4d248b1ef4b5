import type { Span } from '../../text/lineIndex.js'
import type { FieldPath } from '../node.js'

/** Plain YAML data. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue }
export type PlainObject = { readonly [key: string]: PlainValue }

/** One change of a document. Paths start at its root. */
export type Operation =
  /** Replaces a value, or adds a key with its missing parents. */
  | { readonly op: 'set'; readonly path: FieldPath; readonly value: PlainValue }
  /** Removes a map entry or a list item. A map or list that would become empty is removed too. */
  | { readonly op: 'remove'; readonly path: FieldPath }
  /** Adds items to the end of a list, which is created if it is absent. */
  | { readonly op: 'append'; readonly path: FieldPath; readonly values: readonly PlainValue[] }
  /** Renames a key. */
  | { readonly op: 'rename'; readonly path: FieldPath; readonly to: string }
  /** Adds a comment above the line of a field, or of its nearest ancestor if it is absent. */
  | { readonly op: 'comment'; readonly path: FieldPath; readonly text: string }
  /**
   * Deletes the lines of a span; if a comment follows something else on its line, only the comment.
   * The lines must contain no data, or all data.
   */
  | { readonly op: 'delete-lines'; readonly span: Span }

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: unknown): value is readonly PlainValue[] {
  return Array.isArray(value)
}

/** Whether a value is a map or list that is not empty. */
export function isFilled(value: PlainValue): value is readonly PlainValue[] | PlainObject {
  return isList(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0
}

/** `value` below the keys of `path`; undefined if the path has a list index. */
export function nestBelow(path: FieldPath, value: PlainValue): PlainValue | undefined {
  if (path.some((segment) => typeof segment === 'number')) return undefined
  return path.reduceRight<PlainValue>((inner, key) => withKey({}, String(key), inner), value)
}

/** A copy with the key set as an own property, also for `__proto__`. */
export function withKey(object: PlainObject, key: string, value: PlainValue): PlainObject {
  return Object.fromEntries([
    ...Object.entries(object).filter(([other]) => other !== key),
    [key, value],
  ])
}
