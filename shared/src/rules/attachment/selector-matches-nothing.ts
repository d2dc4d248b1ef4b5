import { splitOnce } from '../../text/splitOnce.js'
import { NameIndex } from '../../mesh/nameIndex.js'
import { selectorKey, workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { keys, labelPair, selectorPair } from '../../inventory/indexKeys.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { podLabels } from '../../mesh/pods.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { changesLabels } from '../../resources/otherObject.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import type { Labels } from '../../resources/resource.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { hasPlaceholder } from '../support/coverage.js'
import { firstThatFits, listed, quoted } from '../support/words.js'

type Policy = AuthorizationPolicy | PeerAuthentication

export const selectorMatchesNothing = defineRule({
  name: 'selector-matches-nothing',
  level: 'warning',
  subjects: ['AuthorizationPolicy', 'PeerAuthentication'],
  reads: [
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const labels = policy.selector?.matchLabels
    if (
      labels === undefined ||
      isEmptyLabels(labels) ||
      hasPlaceholder(labels) ||
      !isForWorkloads(mesh, policy)
    )
      return
    // The selected workloads come first: `describedForWorkloads` changes with every workload of the
    // namespace.
    if (
      mesh.get(selectsWorkloads, selectorKey({ namespace: policy.namespace, labels })) ||
      !mesh.get(describedForWorkloads, policy.namespace) ||
      mayMatch(mesh, policy, labels)
    )
      return
    const { namespace } = policy
    const wrong = Object.entries(labels).filter(
      ([key, value]) =>
        mesh.workloadsAt(keys.workloadsLabelled(namespace, labelPair(key, value))).length === 0,
    )
    const [only] = wrong
    const where = quoted(policy.namespace, 24)
    const shown = listed(Object.entries(labels).map(([key, value]) => `${key}: ${value}`))
    report({
      message: firstThatFits(
        `This policy is not enforced: no workload in namespace ${where} has ${shown}.`,
        `This policy is not enforced: no workload in namespace ${where} has the labels of its selector.`,
      ),
      path: ['spec', 'selector', 'matchLabels', ...(only && wrong.length === 1 ? [only[0]] : [])],
      on: only && wrong.length === 1 ? 'value' : 'key',
      fixes: () => (only && wrong.length === 1 ? didYouMean(mesh, policy, only) : []),
    })
  },
})

const selectsWorkloads = query(
  'selects workloads',
  (mesh, selection: string): boolean => mesh.get(workloadsWithLabels, selection).length > 0,
)

/**
 * Whether a policy selects workloads of its own namespace. In the root namespace an
 * AuthorizationPolicy selects workloads of all namespaces, and a PeerAuthentication with a selector
 * is ignored.
 */
function isForWorkloads(mesh: Mesh, policy: Policy): boolean {
  if (policy.namespace === mesh.settings.rootNamespace || selectsProxies(mesh, policy)) return false
  return policy.type === 'PeerAuthentication' || policy.targetRefs.length === 0
}

/**
 * Whether the selector may match: something may add labels, an object without a namespace has them,
 * or a pod has no labels (every AuthorizationPolicy with a selector applies to it).
 */
function mayMatch(mesh: Mesh, policy: Policy, labels: Labels): boolean {
  if (mesh.all('Other').some(changesLabels)) return true
  if (
    mesh
      .workloadsAt(keys.workloadsLabelledAnywhere(selectorPair(labels)))
      .some(
        (workload) => isUnnamed(workload.namespace) && matchesLabels(labels, podLabels(workload)),
      )
  )
    return true
  if (
    mesh
      .get(openLabels, policy.namespace)
      .some((given) =>
        given === undefined
          ? policy.type === 'AuthorizationPolicy'
          : mayMatchFilledIn(labels, given),
      )
  )
    return true
  return mesh
    .inNamespace('ServiceEntry', policy.namespace)
    .some((entry) =>
      [
        entry.labels,
        ...entry.endpoints.map((endpoint) => ({ ...entry.labels, ...endpoint.labels })),
      ].some((given) => matchesLabels(labels, given)),
    )
}

/** The labels of the pods of a namespace that other selectors may match: filled in by another tool, or none at all. */
const openLabels = query(
  'open labels',
  (mesh, namespace: string): readonly (Labels | undefined)[] =>
    mesh
      .workloadsAt(keys.workloads(namespace))
      .map(podLabels)
      .filter((labels) => labels === undefined || hasPlaceholder(labels)),
)

/** Whether labels may match after another tool fills in some of them. */
function mayMatchFilledIn(selector: Labels, labels: Labels | undefined): boolean {
  if (!hasPlaceholder(labels)) return false
  const keyFilledIn = Object.keys(labels ?? {}).some(isPlaceholder)
  return Object.entries(selector).every(
    ([key, value]) => labels?.[key] === value || isPlaceholder(labels?.[key] ?? '') || keyFilledIn,
  )
}

function didYouMean(mesh: Mesh, policy: Policy, [key, value]: readonly [string, string]): Fix[] {
  const { namespace } = policy
  const others = Object.fromEntries(
    Object.entries(policy.selector?.matchLabels ?? {}).filter(([name]) => name !== key),
  )
  const selection = selectorKey({ namespace, labels: others })
  const similar = mesh.get(labelValues, `${key} ${selection}`).nearest(value)
  if (similar === undefined) return []
  return [
    {
      title: `Change to ${labelPair(key, similar)}`,
      activates: 'policy',
      preferred: true,
      safe: false,
      edits: [
        {
          op: 'set',
          resource: policy,
          path: ['spec', 'selector', 'matchLabels', key],
          value: similar,
        },
      ],
    },
  ]
}

/** The values of a label at the workloads of a `selectorKey`. */
const labelValues = query(
  'values of label',
  (mesh, argument: `${string} ${string}`) => {
    const [key, selection] = splitOnce(argument, ' ')
    const workloads = mesh.get(workloadsWithLabels, selection)
    return new NameIndex(workloads.flatMap((workload) => podLabels(workload)?.[key] ?? []))
  },
  { lazy: true },
)
