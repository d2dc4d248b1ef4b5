import type { FieldPath } from '../yaml/node.js'
import type { DecodeProblem, ObjectReader } from './objectReader.js'

export type Labels = Readonly<Record<string, string>>

/** Where an object was written. Together the three are its identity. */
export interface Origin {
  /** The host's name for the file: a path on the command line, a URI in an editor. */
  readonly file: string
  /** Serial number of the document in its file's history; it survives edits of other documents. */
  readonly document: number
  /** Position in the document's list of objects: 0, or the index in a `List`. */
  readonly ordinal: number
}

/**
 * How an object's namespace is known: written in it, given by a kustomization, not at all (`unnamed`), or it has none (`cluster`).
 */
export type NamespaceSource = 'object' | 'kustomization' | 'unnamed' | 'cluster'

/** What every object has. Field names are Kubernetes' own. */
export interface ResourceBase {
  readonly apiVersion: string
  /** API group; `''` is the core group. */
  readonly group: string
  readonly name: string
  /** `''` for cluster-scoped objects; for an unnamed namespace an id that no namespace can have (`namespaceId.ts`). */
  readonly namespace: string
  readonly namespaceSource: NamespaceSource
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
  readonly origin: Origin
  readonly problems: readonly DecodeProblem[]
  /** Paths of values that another tool fills in; nothing is known of them. */
  readonly placeholders: readonly FieldPath[]
}

/** A decoder's view of one object: its identity and a reader of its fields. */
export interface DecodeInput {
  readonly base: ResourceBase
  readonly kind: string
  readonly reader: ObjectReader
}

/**
 * The object of a kind: what every object has, with the fields of its own. `base` becomes it: copies made by spreading get a hidden class each from V8, which takes
 * as much room as the fields, and makes every access slower.
 */
export function objectOf<R extends ResourceBase>(
  base: ResourceBase,
  own: Omit<R, keyof ResourceBase>,
): R {
  return Object.assign(base, own) as R
}
