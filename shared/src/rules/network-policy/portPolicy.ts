import type { Workload } from '../../inventory/workloads.js'
import { serviceAccountOf } from '../../mesh/pods.js'
import type { Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload } from '../../mesh/policies.js'
import { targetPortOf } from '../../mesh/services.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from '../../resources/networkPolicy.js'
import type { Fix, PlainObject } from '../fix.js'
import { capturedPodsOf, podsSelected, restrictingPoliciesOf } from './networkPolicies.js'
import { listsHboneOnly } from './ruleMatching.js'

import { waypointPaths } from '../support/waypointPaths.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { sourceOfAccounts } from '../fixes/sourceOfAccounts.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

/**
 * Adds an AuthorizationPolicy that restricts mesh clients to the ports of a NetworkPolicy. Undefined where
 * other policies apply to the same pods, where the pods have a waypoint, or where a peer or port cannot be
 * translated. Never safe: plaintext clients that the NetworkPolicy selects by labels have no identity.
 */
export function portPolicy(mesh: Mesh, policy: NetworkPolicy): Fix | undefined {
  const captured = capturedPodsOf(mesh, policy)
  const labels = policy.podSelector?.matchLabels
  if (
    (policy.podSelector?.matchExpressions ?? []).length > 0 ||
    captured.some(({ workload }) => hasOtherPolicies(mesh, workload))
  )
    return undefined
  const pods = captured.map(({ workload }) => workload)
  const rules = policy.ingress
    .filter((rule) => !listsHboneOnly(rule))
    .map((rule) => ruleOf(mesh, { policy, rule, pods }))
  if (!rules.every((rule) => rule !== undefined)) return undefined
  const selector: PlainObject =
    labels === undefined || Object.keys(labels).length === 0
      ? {}
      : { selector: { matchLabels: { ...labels } } }
  const object = authorizationPolicy(
    metadataBeside(policy, freePolicyName(mesh, policy.namespace, `${policy.name}-ports`)),
    { ...selector, action: 'ALLOW', rules },
  )
  return {
    title: 'Restrict the ports with an AuthorizationPolicy',
    preferred: true,
    safe: false,
    edits: [{ op: 'add', after: policy, objects: [object] }],
  }
}

function hasOtherPolicies(mesh: Mesh, workload: Workload): boolean {
  return (
    mesh.get(restrictingPoliciesOf, workload).Ingress.length > 1 ||
    mesh.get(policiesOfWorkload, workload).length > 0 ||
    mesh.get(waypointPaths, workload).length > 0
  )
}

interface TranslatedRule {
  readonly policy: NetworkPolicy
  readonly rule: NetworkPolicyRule
  readonly pods: readonly Workload[]
}

function ruleOf(mesh: Mesh, { policy, rule, pods }: TranslatedRule): PlainObject | undefined {
  const ports = portsOf(rule, pods)
  const sources = (rule.peers ?? []).map((peer) => sourceOf(mesh, policy, peer))
  if (!ports || !sources.every((source) => source !== undefined)) return undefined
  return {
    ...(sources.length > 0 ? { from: sources.map((source) => ({ source })) } : {}),
    ...(ports.length > 0 ? { to: [{ operation: { ports } }] } : {}),
  }
}

/** The container ports except HBONE. Undefined for a range, and for a port name that differs between pods. */
function portsOf(
  { ports = [] }: NetworkPolicyRule,
  pods: readonly Workload[],
): string[] | undefined {
  const numbers = ports
    .filter(({ protocol, port }) => protocol === 'TCP' && port !== HBONE_PORT)
    .map(({ port, endPort }) => {
      if (port === undefined || endPort !== undefined) return undefined
      const resolved = new Set(pods.map((pod) => targetPortOf(pod, port)))
      return resolved.size === 1 ? [...resolved][0] : undefined
    })
  return numbers.every((port) => port !== undefined) ? [...new Set(numbers)].map(String) : undefined
}

/** A peer as the service accounts of its pods, or as its namespace where it selects all pods. */
function sourceOf(
  mesh: Mesh,
  policy: NetworkPolicy,
  { podSelector, namespaceSelector, cidr }: NetworkPolicyPeer,
): PlainObject | undefined {
  if (cidr !== undefined) return undefined
  const named = namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name']
  const namespace = namespaceSelector === undefined ? policy.namespace : named
  const isPlain =
    namespaceSelector === undefined ||
    (Object.keys(namespaceSelector.matchLabels ?? {}).length === 1 &&
      namespaceSelector.matchExpressions.length === 0)
  if (namespace === undefined || !isPlain || isUnnamed(namespace)) return undefined
  const everyPod =
    podSelector === undefined ||
    (Object.keys(podSelector.matchLabels ?? {}).length === 0 &&
      podSelector.matchExpressions.length === 0)
  if (everyPod) return { namespaces: [namespace] }
  const pods = podsSelected(mesh, podSelector, namespace)
  return pods.length > 0
    ? sourceOfAccounts(mesh, [
        ...new Set(pods.map((pod) => `${namespace}/${serviceAccountOf(pod)}`)),
      ])
    : undefined
}
