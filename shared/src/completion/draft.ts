import type { Mesh } from '../mesh/mesh.js'
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

/** The labels of the policy's selector. */
export function selectorOf({ document, root }: Draft): Readonly<Record<string, string>> {
  return document.entries(...root, 'spec', 'selector', 'matchLabels')
}
