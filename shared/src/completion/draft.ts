import type { Mesh } from '../mesh/mesh.js'
import { kindNamed, roleOf, type KindNameOf, type KindRole } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import type { LooseDocument } from './looseDocument.js'

/** The object that is being written, as far as it can be read. */
export interface Draft {
  readonly mesh: Mesh
  readonly document: LooseDocument
  readonly kind: string
  readonly group: string
  readonly namespace: string
  /** From the document to the object: `[]`, or the item of a `List`. */
  readonly root: FieldPath
}

export type PolicyKind = KindNameOf<'policy'>

/** The role of the object's kind; undefined for kinds that are not read. */
export function roleOfDraft({ group, kind }: Draft): KindRole | undefined {
  return roleOf(kindNamed(group, kind))
}

/** The kind of a policy; undefined for other objects. */
export function policyKind({ group, kind }: Draft): PolicyKind | undefined {
  const name = kindNamed(group, kind)
  switch (name) {
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
    case 'RequestAuthentication':
      return name
    default:
      return undefined
  }
}

/** The labels of the policy's selector. */
export function selectorOf({ document, root }: Draft): Readonly<Record<string, string>> {
  return document.entries(...root, 'spec', 'selector', 'matchLabels')
}
