import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { PlainObject, PlainValue } from '../yaml/edit/operation.js'

export type { PlainObject, PlainValue }

/**
 * One change of a file, by field path; everything else in the file stays byte for byte. Paths refer
 * to the object before the fix, so the order of edits does not matter: removing items 0 and 1 of a
 * list removes the first two.
 */
export type Edit =
  /** Replaces the value of a field, or adds the field and its missing parents. */
  | {
      readonly op: 'set'
      readonly resource: Resource
      readonly path: FieldPath
      readonly value: PlainValue
    }
  /** Removes a field or a list item, and every parent that would be empty afterwards. */
  | { readonly op: 'remove'; readonly resource: Resource; readonly path: FieldPath }
  /** Adds items to the end of a list; creates the list if it is absent. */
  | {
      readonly op: 'append'
      readonly resource: Resource
      readonly path: FieldPath
      readonly values: readonly PlainValue[]
    }
  /** Renames a key. */
  | {
      readonly op: 'rename'
      readonly resource: Resource
      readonly path: FieldPath
      readonly to: string
    }
  /** Adds objects to a file, as documents after the document of `after`. */
  | { readonly op: 'add'; readonly after: Resource; readonly objects: readonly PlainObject[] }
  /**
   * Deletes the lines of a span of a document. Of a comment at the end of a line, only the comment
   * is deleted.
   */
  | {
      readonly op: 'delete-lines'
      readonly file: string
      readonly document: number
      readonly span: Span
    }
  /** Inserts a comment line above the line of a field. */
  | {
      readonly op: 'comment'
      readonly resource: Resource
      readonly path: FieldPath
      readonly text: string
    }

/** A change of the settings in the repository (`.ambient-policy.yaml`). */
export interface SettingEdit {
  readonly op: 'setting'
  readonly key: string
  readonly value: PlainValue
}

/** A change that the user can choose. */
export interface Fix {
  /** Short, usually in the imperative, without a full stop: `Remove the dry-run annotation`. */
  readonly title: string
  /** What the fix opens or ends, as its rule knows it. The title ends with it. */
  readonly effect?: string | undefined
  /**
   * What takes effect only after the fix. Its other mistakes are found then, and are no mistakes of the fix.
   * - `policy`: a policy that was rejected, applied to nothing or was not enforced,
   * - `pods`: the policies of pods that join ambient mode,
   * - `waypoint`: a waypoint that more objects use, with its policies.
   */
  readonly activates?: 'policy' | 'pods' | 'waypoint' | undefined
  /** Whether this is the fix to apply if only one can be applied. */
  readonly preferred: boolean
  /** Whether it may be applied without confirmation: it cannot allow more traffic. */
  readonly safe: boolean
  readonly edits: readonly (Edit | SettingEdit)[]
}

/** The title of a fix that says what the fix opens or ends: `Remove the label: its policies are then not enforced`. */
export function titleWithEffect(
  title: string,
  effect: string | undefined,
): Pick<Fix, 'title' | 'effect'> {
  return { title: effect === undefined ? title : `${title}: ${effect}`, effect }
}
