import type { Workload } from '../../inventory/workloads.js'
import { targetPortOf } from '../../mesh/services.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { NetworkPolicy } from '../../resources/networkPolicy.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import {
  admitsAddress,
  admitsPort,
  capturedPodsOf,
  ENFORCED,
  knowsNetworkPolicies,
  PROBE_ADDRESS,
  PROBE_ADDRESS_IPV6,
  restrictingOf,
} from './networkPolicies.js'
import { firstThatFits } from '../support/words.js'

export const networkPolicyBlocksProbes = defineRule({
  name: 'network-policy-blocks-probes',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      !policy.policyTypes.includes('Ingress') ||
      !mesh.get(knowsNetworkPolicies, policy.namespace)
    )
      return
    const blocked = mesh
      .get(capturedPodsOf, policy)
      .filter(({ workload }) => blocksProbes(mesh, policy, workload))
    const [first] = blocked
    if (!first) return
    const workloads = blocked.map(({ workload }) => workload)
    report({
      message: firstThatFits(
        `Probes of captured pods come from ${PROBE_ADDRESS}, which no NetworkPolicy admits to ${nameWorkloads(workloads)}: they may fail.`,
        `Probes of captured pods come from ${PROBE_ADDRESS}, which no NetworkPolicy admits: they may fail.`,
      ),
      path: policy.ingress.length > 0 ? ['spec', 'ingress'] : ['spec', 'policyTypes'],
      on: 'key',
      certainties: [
        ENFORCED,
        ...(blocked.some(({ certainty }) => certainty.level === 'certain')
          ? []
          : [first.certainty]),
      ],
      related: eachWorkload(workloads, 'its probes may be refused.'),
      fixes: () =>
        rankFixes(
          admit(policy, 'Admit probes', [PROBE_ADDRESS]),
          admit(policy, 'Admit probes, over IPv6 too', [PROBE_ADDRESS, PROBE_ADDRESS_IPV6]),
        ),
    })
  },
})

/** Whether a probe of a workload meets policies that do not admit it. The first of them speaks for all. */
function blocksProbes(mesh: Mesh, policy: NetworkPolicy, workload: Workload): boolean {
  const policies = mesh.get(restrictingOf, workload).Ingress
  if (policies[0] !== policy || workload.type === 'WorkloadEntry') return false
  const rules = policies.flatMap(({ ingress }) => ingress)
  return workload.template.probes.some((probe) => {
    const port = targetPortOf(workload, probe.port)
    return (
      port !== undefined &&
      !rules.some((rule) => admitsPort(rule, port, workload) && admitsAddress(rule, PROBE_ADDRESS))
    )
  })
}

function admit(policy: NetworkPolicy, title: string, addresses: readonly string[]): Fix {
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
