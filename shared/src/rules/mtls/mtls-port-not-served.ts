import { describedForWorkloads } from '../../mesh/described.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { levelOf, peerCoverageOf } from '../support/peerCoverage.js'
import { podsThatTellPorts, portEvidence, serves, serviceWithPort } from '../support/servedPorts.js'
import { firstThatFits, quoted } from '../support/words.js'

export const mtlsPortNotServed = defineRule({
  name: 'mtls-port-not-served',
  level: 'warning',
  subjects: ['PeerAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      policy.portLevelMtls.size === 0 ||
      levelOf(mesh, policy) !== 'workload' ||
      !mesh.get(describedForWorkloads, policy.namespace)
    )
      return
    const coverage = mesh.get(peerCoverageOf, policy)
    const pods = podsThatTellPorts(coverage?.workloads ?? [])
    if (!coverage || pods.length === 0) return
    for (const port of policy.portLevelMtls.keys()) {
      if (pods.some((pod) => serves(mesh, pod, port))) continue
      const confused = serviceWithPort(mesh, pods, port)
      const where = nameWorkloads(pods)
      report({
        message: confused
          ? firstThatFits(
              `${String(port)} is the port of Service ${quoted(confused.service.name)}, not of a container: this mode applies to nothing at ${where}.`,
              `${String(port)} is the port of a Service, not of a container: this mode applies to nothing.`,
            )
          : firstThatFits(
              `No container of ${where} has port ${String(port)}: this mode applies to nothing.`,
            ),
        path: ['spec', 'portLevelMtls', String(port)],
        on: 'key',
        certainties: [coverage.certainty],
        related: [...portEvidence(pods, port, confused), ...coverage.evidence],
        fixes: () => rankFixes(confused && useContainerPort(policy, port, confused.containerPort)),
      })
    }
  },
})

function useContainerPort(
  policy: PeerAuthentication,
  port: number,
  containerPort: number,
): Fix | undefined {
  if (policy.portLevelMtls.has(containerPort)) return undefined
  // Only a STRICT that begins to hold cannot admit what was refused.
  return {
    title: `Change to container port ${String(containerPort)}`,
    preferred: true,
    safe: policy.portLevelMtls.get(port) === 'STRICT',
    edits: [
      {
        op: 'rename',
        resource: policy,
        path: ['spec', 'portLevelMtls', String(port)],
        to: String(containerPort),
      },
    ],
  }
}
