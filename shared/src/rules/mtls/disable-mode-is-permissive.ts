import type { Mesh } from '../../mesh/mesh.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { qualifiedName } from '../../resources/resource.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { removeNamespaceFromAmbient, removeWorkloadsFromAmbient } from './leaveAmbient.js'
import {
  removeDisableMode,
  replaceDisableWithPermissive,
  replaceDisableWithStrict,
} from './modeFixes.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads, type Coverage } from '../support/coverage.js'
import {
  levelOf,
  peerCoverageOf,
  peerSubjects,
  inheritedStrict,
  workloadsOf,
  type PeerLevel,
  type PeerSubject,
} from '../support/peerCoverage.js'
import { capitalised } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'

const MODE = ['spec', 'mtls', 'mode']

export const disableModeIsPermissive = defineRule({
  name: 'disable-mode-is-permissive',
  level: 'warning',
  subjects: ['PeerAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const level = levelOf(mesh, policy)
    if (policy.mode !== 'DISABLE' || level === undefined) return
    const coverage = mesh.get(peerCoverageOf, policy)
    if (!coverage) return
    const exposed = peerSubjects(mesh, policy, coverage).filter((subject) =>
      overrides(subject, level),
    )
    const [first] = exposed
    const strict = first && inheritedStrict(first.levels, level)
    const workloads = strict ? workloadsOf(exposed) : coverage.workloads
    report({
      message: strict
        ? strictMessage(strict, workloads.length === 1, nameWorkloads(workloads))
        : defaultMessage(nameWorkloads(workloads)),
      path: MODE,
      level: strict ? 'error' : 'warning',
      certainties: [coverage.certainty],
      related: [
        ...(strict
          ? [
              {
                resource: strict,
                path: MODE,
                message: `The STRICT of PeerAuthentication ${nameOf(strict)}.`,
              },
            ]
          : []),
        ...coverage.evidence,
        ...eachWorkload(workloads, 'plaintext is accepted.'),
      ],
      fixes: () =>
        rankFixes(
          removeDisableMode(mesh, policy),
          replaceDisableWithPermissive(policy),
          replaceDisableWithStrict(mesh, policy),
          removeFromAmbient(mesh, policy, coverage),
        ),
    })
  },
})

/** Whether a workload accepts plaintext only because of the policy. */
function overrides({ levels }: PeerSubject, level: PeerLevel): boolean {
  const decides =
    level === 'workload' || levels.workload === undefined || levels.workload.mode === 'UNSET'
  return decides && inheritedStrict(levels, level) !== undefined
}

function strictMessage(strict: PeerAuthentication, one: boolean, workloads: string): string {
  const overrides = `overrides STRICT of ${nameOf(strict)}`
  return firstThatFits(
    `${capitalised(workloads)} accept${one ? 's' : ''} plaintext: ` +
      `DISABLE acts as PERMISSIVE in ambient mode and ${overrides}.`,
    `Plaintext is accepted: DISABLE acts as PERMISSIVE in ambient mode and ${overrides}.`,
  )
}

function defaultMessage(workloads: string): string {
  return `mTLS stays on in ambient mode: DISABLE acts as PERMISSIVE and only allows plaintext to ${workloads}.`
}

function nameOf(policy: PeerAuthentication): string {
  return quoted(policy.namespaceSource === 'unnamed' ? policy.name : qualifiedName(policy))
}

/**
 * Removes from ambient mode the workloads that the policy selects, or the namespace that it applies
 * to.
 */
function removeFromAmbient(
  mesh: Mesh,
  policy: PeerAuthentication,
  { workloads, evidence }: Coverage,
): Fix | undefined {
  switch (levelOf(mesh, policy)) {
    case 'workload':
      return removeWorkloadsFromAmbient(workloads)
    case 'namespace':
      return evidence.every(({ resource }) => resource.type === 'Namespace')
        ? removeNamespaceFromAmbient(mesh, policy.namespace)
        : undefined
    default:
      return undefined
  }
}
