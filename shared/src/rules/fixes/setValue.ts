import type { Resource } from '../../resources/resource.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'

/** A field with a value that is probably misspelt. */
interface Correction {
  readonly resource: Resource
  readonly path: FieldPath
  readonly value: string
}

/**
 * Replaces the value of a field.
 *
 * @param safe whether the new value cannot widen access; the caller knows.
 */
export function setValue({ resource, path, value }: Correction, safe = false): Fix {
  return {
    title: `Change to "${value}"`,
    preferred: true,
    safe,
    edits: [{ op: 'set', resource, path, value }],
  }
}
