import { qualifiedName } from '../../resources/resource.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { removePortModes, setModeStrict } from './modeFixes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import {
  peerCoverageOf,
  peerSubjects,
  inheritedStrict,
  workloadsOf,
} from '../support/peerCoverage.js'
import { firstThatFits, quoted } from '../support/words.js'

export const portDisableIgnored = defineRule({
  name: 'port-disable-ignored',
  level: 'error',
  subjects: ['PeerAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const modes = [...policy.portLevelMtls]
    const disabled = modes.filter(([, mode]) => mode === 'DISABLE').map(([port]) => port)
    if (
      policy.mode !== 'UNSET' ||
      disabled.length === 0 ||
      modes.some(([, mode]) => mode === 'PERMISSIVE')
    )
      return
    const coverage = mesh.get(peerCoverageOf, policy)
    if (!coverage) return
    const subjects = peerSubjects(mesh, policy, coverage).filter(
      ({ levels }) =>
        levels.workload === policy && inheritedStrict(levels, 'workload') !== undefined,
    )
    const strict = subjects[0] && inheritedStrict(subjects[0].levels, 'workload')
    if (!strict) return
    const workloads = workloadsOf(subjects)
    const fixes = (): Fix[] =>
      rankFixes(removePortModes(policy, disabled), setModeStrict(policy, disabled))
    const reason = `istiod ignores DISABLE under the STRICT of ${quoted(qualifiedName(strict))}.`
    for (const port of disabled) {
      const denied = `Plaintext is still denied on port ${String(port)}`
      report({
        message: firstThatFits(
          `${denied} of ${nameWorkloads(workloads)}: ${reason}`,
          `${denied}: ${reason}`,
        ),
        path: ['spec', 'portLevelMtls', String(port), 'mode'],
        certainties: [coverage.certainty],
        related: [
          {
            resource: strict,
            path: ['spec', 'mtls', 'mode'],
            message: 'The inherited mode STRICT.',
          },
          ...coverage.evidence,
          ...eachWorkload(workloads, 'plaintext is denied.'),
        ],
        fixes,
        tag: 'unnecessary',
      })
    }
  },
})
