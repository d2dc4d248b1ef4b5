import type { Labels } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../vocabulary/labels.js'
import type { FieldPath } from '../yaml/node.js'
import type { Mention, Thing } from './mention.js'
import { namesInHost, namespaceThing } from './namesInValue.js'

/** A field that names a thing, in its whole value or in a part of it. */
export function reference(thing: Thing, path: FieldPath, part?: Span): Mention {
  return { thing, path, part, role: 'reference' }
}

/** A field that defines a thing. */
export function definition(thing: Thing, path: FieldPath): Mention {
  return { thing, path, part: undefined, role: 'definition' }
}

/** The waypoint in `istio.io/use-waypoint`, and its namespace; `namespace` is the one without a label for it. */
export function waypointReferences(
  labels: Labels | undefined,
  path: FieldPath,
  namespace: string,
): Mention[] {
  const name = labels?.[USE_WAYPOINT]
  const other = labels?.[USE_WAYPOINT_NAMESPACE]
  const waypoint: Thing = { kind: 'Gateway', namespace: other ?? namespace, name: name ?? '' }
  return [
    ...(other === undefined
      ? []
      : [reference(namespaceThing(other), [...path, USE_WAYPOINT_NAMESPACE])]),
    ...(name === undefined || name === 'none'
      ? []
      : [reference(waypoint, [...path, USE_WAYPOINT])]),
  ]
}

/** The labels that a selector matches in a namespace; `''` for all namespaces. */
export function selectorReferences(
  labels: Labels | undefined,
  path: FieldPath,
  namespace: string,
): Mention[] {
  return Object.entries(labels ?? {}).map(([key, value]) =>
    reference({ kind: 'Label', namespace, name: `${key}=${value}` }, [...path, key]),
  )
}

/** The labels on pods, which selectors match in their namespace and, from the root namespace, in all namespaces. */
export function podLabelDefinitions(
  labels: Labels | undefined,
  path: FieldPath,
  namespace: string,
): Mention[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) =>
    [namespace, ''].map((scope) =>
      definition({ kind: 'Label', namespace: scope, name: `${key}=${value}` }, [...path, key]),
    ),
  )
}

/** The Service in a host: a short name in the namespace, or `name.namespace.svc`. */
export function hostReferences(host: string, path: FieldPath, namespace: string): Mention[] {
  const isShort = host !== '' && !host.includes('.') && !host.includes('*')
  return isShort
    ? [reference({ kind: 'Service', namespace, name: host }, path)]
    : namesInHost(host).map(({ thing, part }) => reference(thing, path, part))
}

interface ObjectReference {
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
  readonly path: FieldPath
}

/** The object of a `targetRef`, `parentRef` or `backendRef`, and its namespace. */
export function objectReferences(
  { kind, namespace, name, path }: ObjectReference,
  ownNamespace: string,
): Mention[] {
  const thing = thingOf(kind, namespace ?? ownNamespace, name)
  return [
    ...(namespace === undefined
      ? []
      : [reference(namespaceThing(namespace), [...path, 'namespace'])]),
    ...(thing ? [reference(thing, [...path, 'name'])] : []),
  ]
}

function thingOf(kind: string, namespace: string, name: string): Thing | undefined {
  switch (kind) {
    case 'GatewayClass':
      return { kind, namespace: '', name }
    case 'Service':
    case 'ServiceEntry':
    case 'Gateway':
      return { kind, namespace, name }
    default:
      return undefined
  }
}
