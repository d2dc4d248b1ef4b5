import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { Resource } from '../resources/resource.js'

/** The kind of a named thing. */
export type ThingKind =
  | 'ServiceAccount'
  | 'Namespace'
  | 'Service'
  | 'ServiceEntry'
  | 'Gateway'
  | 'GatewayClass'
  /** A Pod, or a controller that makes pods. Only policy tests name it. */
  | 'Workload'
  | 'Label'

/** Something that objects refer to by name: another object, in the files or not, or a pod label (`app=web`). */
export interface Thing {
  readonly kind: ThingKind
  /**
   * `''` for cluster-scoped objects, and for a label in a selector of the root namespace, which applies to all
   * namespaces.
   */
  readonly namespace: string
  readonly name: string
}

/** A field that names a thing. */
export interface Mention {
  readonly thing: Thing
  readonly path: FieldPath
  /** The part of the field's value that is the name; undefined for the whole value. */
  readonly part: Span | undefined
  /** `definition`: the object's own name, or a label on pods. */
  readonly role: 'definition' | 'reference'
}

/** A mention with the object that contains it. */
export interface PlacedMention extends Mention {
  readonly resource: Resource
}

/** Equal keys: the same thing. */
export function thingKey({ kind, namespace, name }: Thing): string {
  return `${kind}|${namespace}|${name}`
}
