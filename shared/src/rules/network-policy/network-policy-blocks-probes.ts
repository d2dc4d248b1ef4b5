import type { WorkloadController } from '../../resources/workload.js'
import { NONE, addToGroup, oncePerKey } from '../../text/collections.js'
import { targetPortOf } from '../../mesh/services.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { NetworkPolicy } from '../../resources/networkPolicy.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import {
  ASSUME_ENFORCED,
  podClassOf,
  knowsNetworkPolicies,
  restrictingPoliciesOf,
  podSelection,
  type CapturedPod,
  capturedPods,
} from './networkPolicies.js'
import { allowsAddress, allowsPort, PROBE_ADDRESS, PROBE_ADDRESS_IPV6 } from './ruleMatching.js'
import { firstThatFits } from '../support/words.js'

export const networkPolicyBlocksProbes = defineRule({
  name: 'network-policy-blocks-probes',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Other',
    'OtherNetworkPolicy',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      !policy.policyTypes.includes('Ingress') ||
      !mesh.get(knowsNetworkPolicies, policy.namespace)
    )
      return
    const selection = podSelection(mesh, policy)
    const blocked =
      selection === undefined ? NONE : (mesh.get(podsWithoutProbes, selection).get(policy) ?? NONE)
    const [first] = blocked
    if (!first) return
    const workloads = blocked.map(({ workload }) => workload)
    report({
      message: firstThatFits(
        `Probes of ${nameWorkloads(workloads)} may fail: no NetworkPolicy allows their ` +
          `source address ${PROBE_ADDRESS}.`,
        `Probes of these pods may fail: no NetworkPolicy allows their source address ${PROBE_ADDRESS}.`,
      ),
      path: policy.ingress.length > 0 ? ['spec', 'ingress'] : ['spec', 'policyTypes'],
      on: 'key',
      certainties: [
        ASSUME_ENFORCED,
        ...(blocked.some(({ certainty }) => certainty.level === 'certain')
          ? []
          : [first.certainty]),
      ],
      related: eachWorkload(workloads, 'its probes may fail.'),
      fixes: () =>
        rankFixes(
          allowAddresses(policy, 'Allow probes', [PROBE_ADDRESS]),
          allowAddresses(policy, 'Allow probes over IPv4 and IPv6', [
            PROBE_ADDRESS,
            PROBE_ADDRESS_IPV6,
          ]),
        ),
    })
  },
})

/** The pods of which policies block a probe, by the first of these policies: it alone reports them. */
const podsWithoutProbes = query(
  'pods without probes',
  (mesh, selection: string): ReadonlyMap<NetworkPolicy, readonly CapturedPod[]> => {
    const reporterOf = oncePerKey(
      (workload: WorkloadController) => mesh.get(podClassOf, workload),
      (workload) => {
        const [first] = mesh.get(restrictingPoliciesOf, workload).Ingress
        return { policy: first && blocksProbes(mesh, workload) ? first : undefined }
      },
    )
    const found = new Map<NetworkPolicy, CapturedPod[]>()
    for (const pod of mesh.get(capturedPods, selection)) {
      const { policy } = reporterOf(pod.workload)
      if (policy) addToGroup(found, policy, pod)
    }
    return found
  },
)

function blocksProbes(mesh: Mesh, workload: WorkloadController): boolean {
  if (workload.template.probes.length === 0) return false
  const policies = mesh.get(restrictingPoliciesOf, workload).Ingress
  const rules = policies.flatMap(({ ingress }) => ingress)
  return workload.template.probes.some((probe) => {
    const port = targetPortOf(workload, probe.port)
    return (
      port !== undefined &&
      !rules.some((rule) => allowsPort(rule, port, workload) && allowsAddress(rule, PROBE_ADDRESS))
    )
  })
}

function allowAddresses(policy: NetworkPolicy, title: string, addresses: readonly string[]): Fix {
  const from = addresses.map((address) => ({
    ipBlock: { cidr: `${address}/${address.includes(':') ? '128' : '32'}` },
  }))
  return {
    title,
    preferred: true,
    safe: false,
    edits: [{ op: 'append', resource: policy, path: ['spec', 'ingress'], values: [{ from }] }],
  }
}
