import { roleOf } from '../vocabulary/kinds.js'

/** Whether the object of a template of this kind is read, once it is rendered. */
export function isReadIfRendered(kind: string | undefined): kind is string {
  return kind !== undefined && (roleOf(kind) !== undefined || kind.endsWith('List'))
}
