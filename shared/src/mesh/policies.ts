import { keys, labelPair, type InventoryKey } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { Labels } from '../resources/resource.js'
import { isEmptyLabels, matchesLabels, type WorkloadSelector } from '../resources/selector.js'
import { compact } from '../text/collections.js'
import { isRead } from './discovery.js'
import { enrolmentOf } from './enrolment.js'
import { isDiscovered } from './namespaces.js'
import { podLabels } from './pods.js'
import { classQuery, query, type Mesh } from './mesh.js'
import { labelsOfKey, policyClassOf, selectorKey, workloadsWithLabels } from './selectorClasses.js'
import { selectWorkloads } from './services.js'

/** What a policy without targetRefs applies to. */
type PolicyScope = 'mesh' | 'namespace' | 'workloads' | 'nothing'

/**
 * The scope of a policy at ztunnel (docs/semantics.md §3.2, §3.3). A selector without labels selects
 * nothing there, and policies with targetRefs are not sent to it.
 */
export function scopeOf(mesh: Mesh, policy: AuthorizationPolicy): PolicyScope {
  if (policy.targetRefs.length > 0) return 'nothing'
  if (policy.selector) return isEmptyLabels(policy.selector.matchLabels) ? 'nothing' : 'workloads'
  return policy.namespace === mesh.settings.rootNamespace ? 'mesh' : 'namespace'
}

/**
 * The class of the policies without targetRefs that apply to the same workloads, as a `selectorKey`.
 * Undefined for a policy that applies to none.
 */
export function selectionOf(mesh: Mesh, policy: AuthorizationPolicy): string | undefined {
  if (!isRead(mesh, policy) || scopeOf(mesh, policy) === 'nothing') return undefined
  const inRoot = policy.namespace === mesh.settings.rootNamespace
  return selectorKey({
    namespace: inRoot ? undefined : policy.namespace,
    labels: policy.selector?.matchLabels,
  })
}

/** The workloads that a policy without targetRefs applies to, captured or not. */
export const workloadsOfPolicy = query(
  'workloads of policy',
  (mesh, policy: AuthorizationPolicy): readonly Workload[] => {
    const selection = selectionOf(mesh, policy)
    return selection === undefined ? [] : mesh.get(workloadsWithLabels, selection)
  },
)

/**
 * The workloads where a proxy gets a policy without targetRefs: those of its scope, pods without any label, whose
 * ztunnel gets every policy with a selector, and for an empty selector the workloads with a sidecar
 * (docs/semantics.md §3.3).
 */
export const workloadsReached = query(
  'workloads reached',
  (mesh, policy: AuthorizationPolicy): readonly Workload[] => {
    const selected = mesh.get(workloadsOfPolicy, policy)
    if (!policy.selector || policy.targetRefs.length > 0) return selected
    if (!mesh.get(isDiscovered, policy.namespace)) return selected
    const inRoot = policy.namespace === mesh.settings.rootNamespace
    const place = inRoot ? undefined : policy.namespace
    const isEmpty = isEmptyLabels(policy.selector.matchLabels)
    const others = isEmpty
      ? selectWorkloads(mesh, undefined, place)
      : mesh.get(workloadsWithoutLabels, place ?? '')
    const gets = (workload: Workload): boolean =>
      mesh.get(enrolmentOf, workload).mode === 'sidecar'
        ? isEmpty
        : podLabels(workload) === undefined
    return [...selected, ...others.filter(gets)]
  },
)

/** The workloads of a namespace, or of all namespaces for an empty name, whose pods have no label at all. */
const workloadsWithoutLabels = query(
  'workloads without labels',
  (mesh, namespace: string): readonly Workload[] =>
    selectWorkloads(mesh, undefined, namespace === '' ? undefined : namespace).filter(
      (workload) => podLabels(workload) === undefined,
    ),
)

/** The AuthorizationPolicies without targetRefs that apply to a workload at ztunnel. */
export const policiesOfWorkload = classQuery(
  'policies of workload',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): readonly AuthorizationPolicy[] => {
    const root = mesh.settings.rootNamespace
    const { namespace: own = '', labels } = labelsOfKey(key)
    if (!mesh.get(isDiscovered, own)) return []
    return compact(
      [...new Set([own, root])]
        .filter((namespace) => mesh.get(isDiscovered, namespace))
        .flatMap((namespace) => {
          // A pod without any label gets every selector policy (docs/semantics.md §3.3).
          if (labels === undefined)
            return mesh
              .inNamespace('AuthorizationPolicy', namespace)
              .filter((policy) => policy.targetRefs.length === 0 && isRead(mesh, policy))
          const pairs = [
            '*',
            ...Object.entries(labels).map(([name, value]) => labelPair(name, value)),
          ]
          return pairs
            .map((pair) => keys.selecting('AuthorizationPolicy', namespace, pair))
            .flatMap((listed) =>
              namespace === root ? mesh.get(readPoliciesAt, listed) : readAt(mesh, listed),
            )
            .filter(({ selector }) => selector === undefined || selects(selector, labels))
        }),
    )
  },
)

/** The policies under a key that istiod reads. */
function readAt(
  mesh: Mesh,
  key: InventoryKey<'AuthorizationPolicy'>,
): readonly AuthorizationPolicy[] {
  return mesh.at('AuthorizationPolicy', key).filter((policy) => isRead(mesh, policy))
}

/** The same, computed once for the workloads of all namespaces. */
const readPoliciesAt = query('policies that istiod reads', readAt)

/** Whether a selector selects labels. A selector without labels selects nothing at ztunnel. */
function selects(selector: WorkloadSelector, labels: Labels): boolean {
  return !isEmptyLabels(selector.matchLabels) && matchesLabels(selector.matchLabels, labels)
}

/**
 * The PeerAuthentications that apply to a workload (`fetchPeerAuthentications`): those of its
 * namespace, and those of the root namespace without a selector. Where none selects the workload, the
 * result is the list that all workloads of the namespace share.
 */
export const peerAuthenticationsOf = classQuery(
  'peer authentications',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): readonly PeerAuthentication[] => {
    const { namespace = '', labels } = labelsOfKey(key)
    const wide = mesh.get(peerAuthenticationsForAll, namespace)
    if (!mesh.get(isDiscovered, namespace)) return wide
    const selecting = mesh
      .inNamespace('PeerAuthentication', namespace)
      .filter(
        (policy) =>
          isRead(mesh, policy) &&
          !isEmptyLabels(policy.selector?.matchLabels) &&
          matchesLabels(policy.selector?.matchLabels, labels),
      )
    return selecting.length === 0 ? wide : [...wide, ...selecting]
  },
)

/** The PeerAuthentications without a selector that apply to every workload of a namespace. */
export const peerAuthenticationsForAll = query(
  'peer authentications for all',
  (mesh, namespace: string): readonly PeerAuthentication[] => {
    const root = mesh.settings.rootNamespace
    const wideIn = (where: string): readonly PeerAuthentication[] =>
      mesh.at('PeerAuthentication', keys.selecting('PeerAuthentication', where, '*'))
    const meshWide =
      namespace === root ? [] : wideIn(root).filter((policy) => policy.selector === undefined)
    return [...wideIn(namespace), ...meshWide].filter((policy) => isRead(mesh, policy))
  },
)
