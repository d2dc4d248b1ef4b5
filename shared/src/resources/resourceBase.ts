import type { FieldPath } from '../yaml/node.js'
import type { DecodeProblem, ObjectReader } from './objectReader.js'

export type Labels = Readonly<Record<string, string>>

/** The place of an object in the files. The three fields together identify it. */
export interface Origin {
  /** The file name that the host uses: a path on the command line, a URI in an editor. */
  readonly file: string
  /** Serial number of the document. It stays the same while other documents are edited. */
  readonly document: number
  /**
   * Index among the objects of the document: 0, or more in a `List` and for objects that
   * kustomizations build several times.
   */
  readonly ordinal: number
}

/**
 * How the namespace of an object is known: from the object, from a kustomization, not at all
 * (`unnamed`), or the object is cluster-scoped.
 */
export type NamespaceSource = 'object' | 'kustomization' | 'unnamed' | 'cluster'

/** The fields that every resource has, with the names of Kubernetes. */
export interface ResourceBase {
  readonly apiVersion: string
  /** API group; `''` for the core group. */
  readonly group: string
  readonly name: string
  /**
   * `''` for cluster-scoped objects. For an unnamed namespace an id that is no valid name
   * (`namespaceId.ts`).
   */
  readonly namespace: string
  readonly namespaceSource: NamespaceSource
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
  readonly origin: Origin
  readonly problems: readonly DecodeProblem[]
  /** Paths of placeholders for values of another tool. */
  readonly placeholders: readonly FieldPath[]
  /** Its document has an error of syntax, so that fields can be missing. */
  readonly isPartial?: true
}

/** What a decoder gets: the common fields of an object and a reader of its own fields. */
export interface DecodeInput {
  readonly base: ResourceBase
  readonly kind: string
  readonly reader: ObjectReader
}

/**
 * Adds the fields of a kind to the common fields of an object. `base` itself is changed: V8 gives
 * each copy by spreading a hidden class of its own, which needs as much memory as the fields and
 * slows down every access.
 */
export function objectOf<R extends ResourceBase>(
  base: ResourceBase,
  own: Omit<R, keyof ResourceBase>,
): R {
  return Object.assign(base, own) as R
}
