import { isUnnamed } from '../resources/namespaceId.js'
import type { Labels, Resource } from '../resources/resource.js'
import { isEmptyLabels } from '../resources/selector.js'
import { isWorkload } from './workloads.js'

/** The keys under which the inventory lists a resource. Reading a key is depending on it; the first word says which kinds it can hold. */
export const keys = {
  all: (type: string): string => type,
  namespace: (type: string, namespace: string): string => `${type}|${namespace}`,
  named: (type: string, namespace: string, name: string): string => `${type}|${namespace}|${name}`,
  /** Workloads of every kind. */
  workloads: (namespace: string): string => `Workload|${namespace}`,
  allWorkloads: (): string => 'Workload',
  workloadsLabelled: (namespace: string, pair: string): string => `Workload|${namespace}|${pair}`,
  workloadsLabelledAnywhere: (pair: string): string => `Workload||${pair}`,
  identity: (namespace: string, serviceAccount: string): string =>
    `Identity|${namespace}|${serviceAccount}`,
  /** Workloads and ServiceAccounts of a folder's unnamed namespace by the account, whichever folder it is. */
  unnamedIdentity: (type: 'Identity' | 'ServiceAccount', serviceAccount: string): string =>
    `${type}|?|${serviceAccount}`,
  /** Gateways by one pair of their labels (their pods have them), those of Istio's own API by one pair of their selector. */
  gatewaysLabelled: (type: 'Gateway' | 'Gateway.networking.istio.io', pair: string): string =>
    `${type}||${pair}`,
  /** Policies and Services by one pair of their selector; `*` for those without. */
  selecting: (type: string, namespace: string, pair: string): string =>
    `${type}|${namespace}|selects|${pair}`,
  targeting: (namespace: string, kind: string, name: string): string =>
    `AuthorizationPolicy|${namespace}|targets|${kind}|${name}`,
  opaque: (kind: string): string => `opaque|${kind}`,
  /** Lists nothing: touched where an object changes that is one of several of its name, or an install. */
  disputes: (): string => 'disputes',
} as const

/** The pair by which a selector is looked up: its first in the order of the alphabet, or `*` for none. */
export function selectorPair(labels: Labels | undefined): string {
  if (labels === undefined || isEmptyLabels(labels)) return '*'
  const [first = ''] = Object.keys(labels).sort()
  return labelPair(first, labels[first] ?? '')
}

export function labelPair(key: string, value: string): string {
  return `${key}=${value}`
}

export function indexKeys(resource: Resource): string[] {
  const { type, namespace, name } = resource
  const result = [
    keys.all(type),
    keys.namespace(type, namespace),
    keys.named(type, namespace, name),
  ]
  if (isWorkload(resource)) {
    const labels =
      resource.type === 'WorkloadEntry' ? resource.workloadLabels : resource.template.labels
    const account =
      resource.type === 'WorkloadEntry'
        ? resource.serviceAccount
        : resource.template.serviceAccountName
    result.push(keys.allWorkloads(), keys.workloads(namespace), keys.identity(namespace, account))
    if (isUnnamed(namespace)) result.push(keys.unnamedIdentity('Identity', account))
    for (const [key, value] of Object.entries(labels ?? {})) {
      const pair = labelPair(key, value)
      result.push(keys.workloadsLabelled(namespace, pair), keys.workloadsLabelledAnywhere(pair))
    }
  } else if (type === 'AuthorizationPolicy') {
    for (const ref of resource.targetRefs)
      result.push(keys.targeting(namespace, ref.kind, ref.name))
    if (resource.targetRefs.length === 0)
      result.push(keys.selecting(type, namespace, selectorPair(resource.selector?.matchLabels)))
  } else if (type === 'Gateway' || type === 'Gateway.networking.istio.io') {
    const labels =
      type === 'Gateway'
        ? { ...resource.labels, ...resource.infrastructureLabels }
        : (resource.selector ?? {})
    for (const [key, value] of Object.entries(labels))
      result.push(keys.gatewaysLabelled(type, labelPair(key, value)))
  } else if (type === 'PeerAuthentication') {
    result.push(keys.selecting(type, namespace, selectorPair(resource.selector?.matchLabels)))
  } else if (type === 'ServiceAccount') {
    if (isUnnamed(namespace)) result.push(keys.unnamedIdentity(type, name))
  } else if (type === 'Service') {
    if (!isEmptyLabels(resource.selector))
      result.push(keys.selecting(type, namespace, selectorPair(resource.selector)))
  }
  return result
}
