import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { PlainObject, PlainValue } from '../yaml/edit/operation.js'

export type { PlainObject, PlainValue }

/**
 * One change of a file, by field path; everything else in the file stays byte for byte. Paths speak of the object as it stands before the fix, so
 * the order of a fix's edits does not matter: removing items 0 and 1 of a list takes the first two.
 */
export type Edit =
  /** Replaces a field's value, or adds the field with the parents it lacks. */
  | {
      readonly op: 'set'
      readonly resource: Resource
      readonly path: FieldPath
      readonly value: PlainValue
    }
  /** Removes a field or a list item; a mapping or list that would be left empty goes with it. */
  | { readonly op: 'remove'; readonly resource: Resource; readonly path: FieldPath }
  /** Adds items to the end of a list, which is made where it is absent. */
  | {
      readonly op: 'append'
      readonly resource: Resource
      readonly path: FieldPath
      readonly values: readonly PlainValue[]
    }
  /** Gives a key another name. */
  | {
      readonly op: 'rename'
      readonly resource: Resource
      readonly path: FieldPath
      readonly to: string
    }
  /** Adds objects to a file, as documents behind the one that holds `after`. */
  | { readonly op: 'add'; readonly after: Resource; readonly objects: readonly PlainObject[] }
  /** Deletes the lines that a span of a document covers, of a comment behind something else the comment alone. */
  | {
      readonly op: 'delete-lines'
      readonly file: string
      readonly document: number
      readonly span: Span
    }
  /** Puts a comment line above the line on which a field stands. */
  | {
      readonly op: 'comment'
      readonly resource: Resource
      readonly path: FieldPath
      readonly text: string
    }

/** A change of the settings that a repository carries (`.ambient-policy.yaml`). */
export interface SettingEdit {
  readonly op: 'setting'
  readonly key: string
  readonly value: PlainValue
}

/** A change that a person can choose. */
export interface Fix {
  /** In the imperative, without a full stop: `Bind to waypoint via targetRefs`. */
  readonly title: string
  /** The one that is applied where only one can be. */
  readonly preferred: boolean
  /** Whether it may be applied without being asked: it cannot widen access. */
  readonly safe: boolean
  readonly edits: readonly (Edit | SettingEdit)[]
}
