import { describedForWorkloads } from '../../mesh/described.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { titleWithEffect, type Fix } from '../fix.js'
import { plaintextEffect } from './modeFixes.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { levelOf, peerCoverageOf } from '../support/peerCoverage.js'
import {
  podsDeclaringPorts,
  portEvidence,
  mayListenOn,
  serviceMappingPort,
} from '../support/servedPorts.js'
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
    const pods = podsDeclaringPorts(coverage?.workloads ?? [])
    if (!coverage || pods.length === 0) return
    for (const port of policy.portLevelMtls.keys()) {
      if ([...pods, ...coverage.others].some((workload) => mayListenOn(mesh, workload, port)))
        continue
      const mapped = serviceMappingPort(mesh, pods, port)
      const reason = mapped
        ? `Service ${quoted(mapped.service.name)} maps port ${String(port)} ` +
          `to container port ${String(mapped.containerPort)}.`
        : `no container has port ${String(port)}.`
      report({
        message: firstThatFits(
          `This mode has no effect at ${nameWorkloads(pods)}: ${reason}`,
          `This mode has no effect: ${reason}`,
        ),
        path: ['spec', 'portLevelMtls', String(port)],
        on: 'key',
        certainties: [coverage.certainty],
        related: [...portEvidence(pods, port, mapped), ...coverage.evidence],
        fixes: () => rankFixes(mapped && useContainerPort(policy, port, mapped.containerPort)),
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
  // Safe only for STRICT: any other mode may allow plaintext that is denied today.
  const isStrict = policy.portLevelMtls.get(port) === 'STRICT'
  return {
    ...titleWithEffect(
      `Change to container port ${String(containerPort)}`,
      isStrict ? undefined : plaintextEffect([containerPort]),
    ),
    preferred: isStrict,
    safe: isStrict,
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
