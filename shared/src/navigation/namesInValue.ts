import type { Span } from '../text/lineIndex.js'
import { principalParts } from '../vocabulary/principal.js'
import { hasNamespace, parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { Thing } from './mention.js'

/** A name within a value; `part` is undefined if the whole value is the name. */
export interface NameInValue {
  readonly thing: Thing
  readonly part: Span | undefined
}

/**
 * The namespace and the service account in `<trust domain>/ns/<namespace>/sa/<name>`, where no `*` takes
 * their place. None where the trust domain is not one of the given ones, or the principal starts with
 * `spiffe://`: such a principal matches no client.
 */
export function namesInPrincipal(
  value: string,
  trustDomains: readonly string[],
): readonly NameInValue[] {
  const parts = principalParts(value)
  if (!parts || parts.hasScheme || parts.namespace.name.includes('*')) return []
  const { trustDomain, namespace, serviceAccount } = parts
  if (!trustDomain.includes('*') && !trustDomains.includes(trustDomain)) return []
  const found: NameInValue[] = [{ thing: namespaceThing(namespace.name), part: namespace.span }]
  if (serviceAccount && !serviceAccount.name.includes('*'))
    found.push({
      thing: { kind: 'ServiceAccount', namespace: namespace.name, name: serviceAccount.name },
      part: serviceAccount.span,
    })
  return found
}

/** The names in `namespace/name`, or in `name` in the policy's own namespace. */
export function namesInAccount(value: string, policyNamespace: string): readonly NameInValue[] {
  if (value.includes('*')) return []
  const { namespace, serviceAccount } = parseServiceAccount(value, policyNamespace)
  const thing: Thing = { kind: 'ServiceAccount', namespace, name: serviceAccount }
  if (!hasNamespace(value)) return [{ thing, part: undefined }]
  const { length } = namespace
  return [
    { thing: namespaceThing(namespace), part: { start: 0, end: length } },
    { thing, part: { start: length + 1, end: value.length } },
  ]
}

/** The name of a namespace, where it is no pattern. */
export function namesInNamespace(value: string): readonly NameInValue[] {
  return value.includes('*') ? [] : [{ thing: namespaceThing(value), part: undefined }]
}

/**
 * The Service and its namespace in a host of the cluster: `name.namespace.svc`, with or without the cluster's domain
 * and a port.
 */
export function namesInHost(value: string): readonly NameInValue[] {
  const match = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?(?::\d+)?$/.exec(value)
  const [, name, namespace] = match ?? []
  if (name === undefined || namespace === undefined) return []
  return [
    { thing: { kind: 'Service', namespace, name }, part: { start: 0, end: name.length } },
    {
      thing: namespaceThing(namespace),
      part: { start: name.length + 1, end: name.length + 1 + namespace.length },
    },
  ]
}

export function namespaceThing(name: string): Thing {
  return { kind: 'Namespace', namespace: '', name }
}
