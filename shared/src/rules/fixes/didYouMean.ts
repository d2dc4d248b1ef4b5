import type { Resource } from '../../resources/resource.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'

/** A field whose value was probably meant to be another. */
interface Correction {
  readonly resource: Resource
  readonly path: FieldPath
  readonly value: string
}

/** Writes the name that exists. Where a policy begins to hold by it, it can only refuse more than before, so it is safe only if the caller says so. */
export function setValue({ resource, path, value }: Correction, safe = false): Fix {
  return {
    title: `Change to "${value}"`,
    preferred: true,
    safe,
    edits: [{ op: 'set', resource, path, value }],
  }
}
