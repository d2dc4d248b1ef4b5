import { isUnnamed } from '../resources/namespaceId.js'
import type { Labels, Resource, ResourceType } from '../resources/resource.js'
import { isEmptyLabels } from '../resources/selector.js'
import { isWorkload } from './workloads.js'

/** The first part of a key: it says which objects the key can list. */
export type KeyRoot =
  | ResourceType
  /** Workloads of every kind. */
  | 'Workload'
  /** Workloads by service account. */
  | 'Identity'
  /** Lists nothing; changed when a template of a kind is added or removed. */
  | 'opaque'
  /** Lists nothing; changed when an object with variants or an install changes. */
  | 'disputes'

/** A key of the inventory. A query that reads a key depends on it. */
export type InventoryKey<R extends KeyRoot = KeyRoot> = R | `${R}|${string}`

/** The keys under which the inventory lists objects. */
export const keys = {
  all: <T extends ResourceType>(type: T): InventoryKey<T> => type,
  namespace: <T extends ResourceType>(type: T, namespace: string): InventoryKey<T> =>
    `${type}|${namespace}`,
  named: <T extends ResourceType>(type: T, namespace: string, name: string): InventoryKey<T> =>
    `${type}|${namespace}|${name}`,
  workloads: (namespace: string): InventoryKey<'Workload'> => `Workload|${namespace}`,
  allWorkloads: (): InventoryKey<'Workload'> => 'Workload',
  workloadsLabelled: (namespace: string, pair: string): InventoryKey<'Workload'> =>
    `Workload|${namespace}|${pair}`,
  workloadsLabelledAnywhere: (pair: string): InventoryKey<'Workload'> => `Workload||${pair}`,
  identity: (namespace: string, serviceAccount: string): InventoryKey<'Identity'> =>
    `Identity|${namespace}|${serviceAccount}`,
  /** Workloads or ServiceAccounts of the unnamed namespace of any folder, by account. */
  unnamedIdentity: <T extends 'Identity' | 'ServiceAccount'>(
    type: T,
    serviceAccount: string,
  ): InventoryKey<T> => `${type}|?|${serviceAccount}`,
  /**
   * Gateways by one pair of their labels, which their pods have too; Gateways of Istio's own API by
   * one pair of their selector.
   */
  gatewaysLabelled: <T extends 'Gateway' | 'Gateway.networking.istio.io'>(
    type: T,
    pair: string,
  ): InventoryKey<T> => `${type}||${pair}`,
  /** Policies and Services by one pair of their selector; `*` lists those without a selector. */
  selecting: <T extends 'AuthorizationPolicy' | 'PeerAuthentication' | 'Service'>(
    type: T,
    namespace: string,
    pair: string,
  ): InventoryKey<T> => `${type}|${namespace}|selects|${pair}`,
  targeting: (namespace: string, kind: string, name: string): InventoryKey<'AuthorizationPolicy'> =>
    `AuthorizationPolicy|${namespace}|targets|${kind}|${name}`,
  opaque: (kind: string): InventoryKey<'opaque'> => `opaque|${kind}`,
  disputes: (): InventoryKey<'disputes'> => 'disputes',
} as const

/** The keys of which one changes with each object, or template of an object, under these roots. */
export function widestKeys(roots: readonly KeyRoot[]): InventoryKey[] {
  return roots.flatMap((root) => [root, keys.opaque(root)])
}

/** The pair by which a selector is found: the first in alphabetical order, or `*` for none. */
export function selectorPair(labels: Labels | undefined): string {
  if (labels === undefined || isEmptyLabels(labels)) return '*'
  const [first = ''] = Object.keys(labels).sort()
  return labelPair(first, labels[first] ?? '')
}

export function labelPair(key: string, value: string): string {
  return `${key}=${value}`
}

/** Every key that lists a resource. */
export function indexKeys(resource: Resource): InventoryKey[] {
  const { type, namespace, name } = resource
  const result: InventoryKey[] = [
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
