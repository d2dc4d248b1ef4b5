import { splitOnce } from '../../text/splitOnce.js'
import { keys } from '../../inventory/indexKeys.js'
import type { WorkloadController } from '../../resources/workload.js'
import { classOf, labelsOfKey } from '../../mesh/selectorClasses.js'
import type { Workload } from '../../inventory/workloads.js'
import { assumed, type KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { query, type Mesh, classQuery } from '../../mesh/mesh.js'
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
export const restrictingPoliciesOf = classQuery(
  'NetworkPolicies of workload',
  (mesh, workload: Workload) => mesh.get(networkClassOf, workload),
  (mesh, key): Readonly<Record<Direction, readonly NetworkPolicy[]>> => {
    const { namespace = '', labels } = labelsOfKey(key)
    return {
      Ingress: restrictingPolicies(mesh, { namespace, labels }, 'Ingress'),
      Egress: restrictingPolicies(mesh, { namespace, labels }, 'Egress'),
    }
  },
)

/** The class of the workloads that the same NetworkPolicies select. */
const networkClassOf = query('network class', (mesh, workload: Workload): string =>
  classOf(workload, mesh.get(labelsReadByNetworkPolicies, workload.namespace)),
)

const labelsReadByNetworkPolicies = query(
  'labels that NetworkPolicies read',
  (mesh, namespace: string): ReadonlySet<string> =>
    new Set(
      mesh
        .everyDefinition('NetworkPolicy', keys.namespace('NetworkPolicy', namespace))
        .flatMap(({ podSelector }) => [
          ...Object.keys(podSelector?.matchLabels ?? {}),
          ...(podSelector?.matchExpressions ?? []).map(({ key }) => key),
        ])
        .sort(),
    ),
  { ofAllVariants: true },
)

/** The class of the workloads that the same NetworkPolicies select, and that have the same ports and probes. */
export const podClassOf = query('pod class', (mesh, workload: WorkloadController): string => {
  const { ports, probes } = workload.template
  return `${mesh.get(networkClassOf, workload)}\n${JSON.stringify([ports, probes])}`
})

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

/** A captured workload that NetworkPolicies select. */
export interface CapturedPod {
  readonly workload: WorkloadController
  readonly certainty: KnownCertainty
}

/** The captured workloads that a policy selects. NetworkPolicies do not apply to pods on the host network. */
export function capturedPodsOf(mesh: Mesh, policy: NetworkPolicy): readonly CapturedPod[] {
  const key = podSelection(mesh, policy)
  return key === undefined ? NONE : mesh.get(capturedPods, key)
}

/** The class of the policies that select the same pods; undefined for a policy of a variant without a mesh. */
export function podSelection(mesh: Mesh, policy: NetworkPolicy): string | undefined {
  return isOfPlainVariant(mesh, policy)
    ? undefined
    : selectionKey(policy.namespace, policy.podSelector)
}

function selectionKey(namespace: string, selector: LabelSelector | undefined): string {
  return `${namespace}\n${JSON.stringify(selector ?? {})}`
}

const selectorsIn = query(
  'pod selectors of NetworkPolicies',
  (mesh, namespace: string): ReadonlyMap<string, LabelSelector | undefined> =>
    new Map(
      mesh
        .inNamespace('NetworkPolicy', namespace)
        .map(({ podSelector }) => [selectionKey(namespace, podSelector), podSelector]),
    ),
)

/** The captured workloads that all policies of a `podSelection` select. */
export const capturedPods = query(
  'captured pods of NetworkPolicies',
  (mesh, key: string): readonly CapturedPod[] => {
    const [namespace] = splitOnce(key, '\n')
    const selector = mesh.get(selectorsIn, namespace).get(key)
    return compact(
      podsSelected(mesh, selector, namespace).flatMap((workload) => {
        if (workload.type === 'WorkloadEntry') return []
        const enrolment = mesh.get(enrolmentOf, workload)
        return enrolment.mode === 'ambient' && isEnrolmentEvident(mesh, enrolment)
          ? [{ workload, certainty: enrolment.certainty }]
          : []
      }),
    )
  },
)
