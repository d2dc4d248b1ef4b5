import type { Workload } from '../inventory/workloads.js'
import { targetPortOf } from '../mesh/services.js'
import type { Mesh } from '../mesh/mesh.js'
import type { NetworkPolicy } from '../resources/networkPolicy.js'
import type { Fix } from './fix.js'
import { choices } from './fixes/choices.js'
import { defineRule } from './rule.js'
import { eachWorkload, nameWorkloads } from './support/coverage.js'
import { AMBIENT_SHOP } from './support/examples.js'
import { admitsAddress, admitsPort, capturedPodsOf, ENFORCED, knowsNetworkPolicies, PROBE_ADDRESS, PROBE_ADDRESS_IPV6, restrictingOf } from './support/networkPolicies.js'
import { fitting } from './support/words.js'

const PROBED = AMBIENT_SHOP.replace('          image: example/api\n', '          image: example/api\n          readinessProbe:\n            httpGet:\n              path: /ready\n              port: 8080\n')
const networkPolicy = (ingress: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes:
    - Ingress
${ingress}`

export const networkPolicyBlocksProbes = defineRule({
  name: 'network-policy-blocks-probes',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'Namespace', 'NetworkPolicy', 'Workload', 'opaque'],
  docs: {
    summary: 'A NetworkPolicy isolates captured pods that the kubelet probes, and does not admit the address that their probes come from.',
    why: `So that probes are not taken for plaintext of a client, the CNI gives everything that the node itself sends to a captured pod the source address \`${PROBE_ADDRESS}\` (\`${PROBE_ADDRESS_IPV6}\` for IPv6). Most network plug-ins always admit the traffic of the node; some go by the address, and refuse this one unless a policy names it. The pods then fail their probes as soon as they are captured.`,
    bad: `${PROBED}${networkPolicy('')}`,
    good: `${PROBED}${networkPolicy('  ingress:\n    - from:\n        - ipBlock:\n            cidr: 169.254.7.127/32\n')}`,
    fix: `Admit \`${PROBE_ADDRESS}/32\`, and \`${PROBE_ADDRESS_IPV6}/128\` where pods have IPv6 addresses.`,
    references: ['https://istio.io/latest/docs/ambient/usage/networkpolicy/', 'istio/istio cni/pkg/nodeagent/options.go:31-48', 'istio/istio cni/pkg/iptables/iptables.go:611-665'],
  },
  check(policy, { mesh, report }) {
    if (!policy.policyTypes.includes('Ingress') || !mesh.get(knowsNetworkPolicies, policy.namespace)) return
    const blocked = mesh.get(capturedPodsOf, policy).filter(({ workload }) => blocksProbes(mesh, policy, workload))
    const [first] = blocked
    if (!first) return
    const workloads = blocked.map(({ workload }) => workload)
    report({
      message: fitting(`Probes of captured pods come from ${PROBE_ADDRESS}, which no NetworkPolicy admits to ${nameWorkloads(workloads)}: they may fail.`, `Probes of captured pods come from ${PROBE_ADDRESS}, which no NetworkPolicy admits: they may fail.`),
      path: policy.ingress.length > 0 ? ['spec', 'ingress'] : ['spec', 'policyTypes'],
      on: 'key',
      certainties: [ENFORCED, ...(blocked.some(({ certainty }) => certainty.level === 'certain') ? [] : [first.certainty])],
      related: eachWorkload(workloads, 'its probes may be refused.'),
      fixes: () => choices(admit(policy, 'Admit probes', [PROBE_ADDRESS]), admit(policy, 'Admit probes, over IPv6 too', [PROBE_ADDRESS, PROBE_ADDRESS_IPV6])),
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
    return port !== undefined && !rules.some((rule) => admitsPort(rule, port, workload) && admitsAddress(rule, PROBE_ADDRESS))
  })
}

function admit(policy: NetworkPolicy, title: string, addresses: readonly string[]): Fix {
  const from = addresses.map((address) => ({ ipBlock: { cidr: `${address}/${address.includes(':') ? '128' : '32'}` } }))
  return { title, preferred: true, safe: false, edits: [{ op: 'append', resource: policy, path: ['spec', 'ingress'], values: [{ from }] }] }
}
