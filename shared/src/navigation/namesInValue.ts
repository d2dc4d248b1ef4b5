import type { Span } from '../text/lineIndex.js'
import type { Thing } from './mention.js'

/** A name within a value; `part` is undefined where the value is the name. */
export interface NameInValue {
  readonly thing: Thing
  readonly part: Span | undefined
}

/** The namespace and the service account in `<trust domain>/ns/<namespace>/sa/<name>`, as far as no star stands for them; none in another trust domain's. */
export function namesInPrincipal(
  value: string,
  trustDomains: readonly string[],
): readonly NameInValue[] {
  const match = /^(.*?)(?:^|\/)ns\/([^/*]+)(?:\/(?:sa\/([^/*]+)$)?|$)/d.exec(value)
  const [, namespace, account] = match?.indices ?? []
  const name = match?.[2]
  if (!match || name === undefined || !namespace) return []
  const domain = match[1] ?? ''
  if (!domain.includes('*') && !trustDomains.includes(domain)) return []
  const found: NameInValue[] = [
    { thing: { kind: 'Namespace', namespace: '', name }, part: span(match.indices?.[2]) },
  ]
  if (account && match[3] !== undefined)
    found.push({
      thing: { kind: 'ServiceAccount', namespace: name, name: match[3] },
      part: span(match.indices?.[3]),
    })
  return found
}

/** The names in `namespace/name`, or in `name` for the policy's own namespace. */
export function namesInAccount(value: string, policyNamespace: string): readonly NameInValue[] {
  if (value.includes('*')) return []
  const slash = value.indexOf('/')
  if (slash < 0)
    return [
      {
        thing: { kind: 'ServiceAccount', namespace: policyNamespace, name: value },
        part: undefined,
      },
    ]
  const namespace = value.slice(0, slash)
  return [
    {
      thing: { kind: 'Namespace', namespace: '', name: namespace },
      part: { start: 0, end: slash },
    },
    {
      thing: { kind: 'ServiceAccount', namespace, name: value.slice(slash + 1) },
      part: { start: slash + 1, end: value.length },
    },
  ]
}

/** The Service and its namespace in a host of the cluster: `name.namespace.svc`, with or without the cluster's domain and a port behind. */
export function namesInHost(value: string): readonly NameInValue[] {
  const match = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?(?::\d+)?$/.exec(value)
  const [, name, namespace] = match ?? []
  if (name === undefined || namespace === undefined) return []
  return [
    { thing: { kind: 'Service', namespace, name }, part: { start: 0, end: name.length } },
    {
      thing: { kind: 'Namespace', namespace: '', name: namespace },
      part: { start: name.length + 1, end: name.length + 1 + namespace.length },
    },
  ]
}

function span(indices: readonly [number, number] | undefined): Span | undefined {
  return indices && { start: indices[0], end: indices[1] }
}
