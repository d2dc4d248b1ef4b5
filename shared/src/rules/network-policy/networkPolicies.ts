import type { Workload } from '../../inventory/workloads.js'
import { assumed, type KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectWorkloads } from '../../mesh/services.js'
import type { LabelSelector } from '../../resources/gateway.js'
import { matchesLabelSelector } from '../../resources/labelSelector.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import type { Labels } from '../../resources/resource.js'
import { compact, NONE } from '../../text/collections.js'
import { isEnrolmentEvident } from '../support/evidentEnrolment.js'
import { isOfPlainVariant } from '../support/plainVariant.js'

/** The assumption of every finding about NetworkPolicies. */
export const ASSUME_ENFORCED = assumed(
  'the CNI plugin enforces NetworkPolicy, and no policy outside these files allows the traffic',
)

export type Direction = 'Ingress' | 'Egress'

export function rulesOf(policy: NetworkPolicy, direction: Direction): readonly NetworkPolicyRule[] {
  return direction === 'Ingress' ? policy.ingress : policy.egress
}

/** Whether another tool fills in a part of a policy. */
function isFilledIn({ placeholders }: NetworkPolicy): boolean {
  return placeholders.some(([first]) => first === 'spec')
}

/**
 * Whether the files completely show what network policies allow in a namespace. They do not where a
 * policy of another kind applies to its pods, for example a CiliumNetworkPolicy.
 */
export const knowsNetworkPolicies = query(
  'knows NetworkPolicies',
  (mesh, namespace: string): boolean => {
    return (
      !mesh.hasOpaque('NetworkPolicy') &&
      !mesh.inNamespace('NetworkPolicy', namespace).some(isFilledIn) &&
      !mesh
        .all('OtherNetworkPolicy')
        .some(
          (other) =>
            other.appliesToPods && (other.namespace === '' || other.namespace === namespace),
        )
    )
  },
)

/** A pod as NetworkPolicies select it. */
export interface SelectablePod {
  readonly namespace: string
  readonly labels: Labels | undefined
}

export function toSelectablePod(workload: Workload): SelectablePod {
  return { namespace: workload.namespace, labels: podLabels(workload) }
}

/** The policies that restrict a pod in a direction, sorted by name. */
export function restrictingPolicies(
  mesh: Mesh,
  pod: SelectablePod,
  direction: Direction,
): readonly NetworkPolicy[] {
  const found = mesh
    .inNamespace('NetworkPolicy', pod.namespace)
    .filter(
      (policy) => policy.policyTypes.includes(direction) && selects(policy.podSelector, pod.labels),
    )
  return compact(found.length < 2 ? found : found.sort((a, b) => (a.name < b.name ? -1 : 1)))
}

/** The policies that restrict a workload, sorted by name. */
export const restrictingPoliciesOf = query(
  'NetworkPolicies of workload',
  (mesh, workload: Workload): Readonly<Record<Direction, readonly NetworkPolicy[]>> => {
    const pod = toSelectablePod(workload)
    return {
      Ingress: restrictingPolicies(mesh, pod, 'Ingress'),
      Egress: restrictingPolicies(mesh, pod, 'Egress'),
    }
  },
)

export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector === undefined || matchesLabelSelector(selector, labels)
}

/** The workloads of a namespace that a selector matches. */
export function podsSelected(
  mesh: Mesh,
  selector: LabelSelector | undefined,
  namespace: string,
): readonly Workload[] {
  return selectWorkloads(mesh, selector?.matchLabels, namespace).filter((workload) =>
    selects(selector, podLabels(workload)),
  )
}

/** The captured workloads that a policy selects. NetworkPolicies do not apply to pods on the host network. */
export const capturedPodsOf = query(
  'captured pods of NetworkPolicy',
  (
    mesh,
    policy: NetworkPolicy,
  ): readonly { readonly workload: Workload; readonly certainty: KnownCertainty }[] => {
    if (isOfPlainVariant(mesh, policy)) return NONE
    return compact(
      podsSelected(mesh, policy.podSelector, policy.namespace).flatMap((workload) => {
        if (workload.type === 'WorkloadEntry') return []
        const enrolment = mesh.get(enrolmentOf, workload)
        return enrolment.mode === 'ambient' && isEnrolmentEvident(mesh, enrolment)
          ? [{ workload, certainty: enrolment.certainty }]
          : []
      }),
    )
  },
)
