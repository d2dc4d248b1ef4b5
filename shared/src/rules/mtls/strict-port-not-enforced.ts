import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { qualifiedName } from '../../resources/resource.js'
import { policiesInForce } from '../../ztunnel/enforcement.js'
import {
  acceptsPlaintext,
  effectivePeerAuthentication,
  intendedMode,
} from '../../ztunnel/peerAuthentication.js'
import { matchesPolicy } from '../../ztunnel/rbac.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { denyPlaintext, setModeStrict } from '../fixes/mutualTls.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads, type Coverage } from '../support/coverage.js'
import {
  peerCoverageOf,
  peerSubjects,
  workloadsOf,
  type PeerSubject,
} from '../support/peerCoverage.js'
import { firstThatFits, quoted } from '../support/words.js'

export const strictPortNotEnforced = defineRule({
  name: 'strict-port-not-enforced',
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
    if (policy.portLevelMtls.size === 0) return
    const coverage = mesh.get(peerCoverageOf, policy)
    const subjects = coverage ? danglingOnes(mesh, policy, coverage) : []
    const meshWide = subjects[0]?.levels.mesh
    if (!coverage || !meshWide) return
    const certainties = [coverage.certainty]
    const strictPorts = [...policy.portLevelMtls]
      .filter(([, mode]) => mode === 'STRICT')
      .map(([port]) => port)
    const open = strictPorts
      .map((port) => ({ port, workloads: exposed(mesh, subjects, port) }))
      .filter(({ workloads }) => workloads !== undefined)
    const related = [
      {
        resource: meshWide,
        path: ['spec', 'mtls', 'mode'],
        message: 'The mesh-wide STRICT under which the port-level modes are lost.',
      },
      ...coverage.evidence,
    ]
    const denyOnPorts = (): Fix[] =>
      rankFixes(denyPlaintext(mesh, policy, { ports: open.map(({ port }) => port) })).map(
        (fix) => ({ ...fix, preferred: true }),
      )
    for (const { port, workloads = [] } of open) {
      report({
        message: firstThatFits(
          `Port ${String(port)} is not STRICT at ${nameWorkloads(workloads)}: istiod never sends the policy for it, and plaintext is accepted.`,
          `Port ${String(port)} is not STRICT: istiod never sends the policy for it, and plaintext is accepted.`,
        ),
        path: ['spec', 'portLevelMtls', String(port), 'mode'],
        certainties,
        related: [...related, ...eachWorkload(workloads, 'plaintext is accepted on the port.')],
        fixes: denyOnPorts,
      })
    }
    const listed = [...policy.portLevelMtls.keys()]
    const everywhere = policy.mode === 'UNSET' ? exposed(mesh, subjects, undefined) : undefined
    if (!everywhere) return
    const unset = subjects[0]?.levels.namespace
    report({
      message: firstThatFits(
        `The STRICT of ${quoted(qualifiedName(meshWide))} is lost by these modes: ${nameWorkloads(everywhere)} accept${everywhere.length === 1 ? 's' : ''} plaintext on every port.`,
        `The STRICT of ${quoted(qualifiedName(meshWide))} is lost by these modes: plaintext is accepted on every port.`,
      ),
      path: ['spec', 'portLevelMtls'],
      on: 'key',
      certainties,
      related: [
        ...related,
        ...(unset
          ? [
              {
                resource: unset,
                path: ['metadata', 'name'],
                message: 'A PeerAuthentication of the namespace without a mode.',
              },
            ]
          : []),
        ...eachWorkload(everywhere, 'plaintext is accepted on every port.'),
      ],
      fixes: () =>
        rankFixes(
          setModeStrict(policy, true),
          denyPlaintext(mesh, policy, {
            notPorts: listed.filter((port) => policy.portLevelMtls.get(port) !== 'STRICT'),
          }),
        ),
    })
  },
})

/** The subjects that refer to a policy which istiod does not send. */
function danglingOnes(mesh: Mesh, policy: PeerAuthentication, coverage: Coverage): PeerSubject[] {
  const { rootNamespace } = mesh.settings
  return peerSubjects(mesh, policy, coverage).filter(
    ({ levels }) =>
      levels.workload === policy &&
      effectivePeerAuthentication(levels, rootNamespace).danglingReference,
  )
}

/**
 * The workloads that accept plaintext on a port where STRICT is meant; on a port that the policy does not list where it is undefined. No policy of
 * the files may deny it. Undefined where none does, empty where the files show no workload.
 */
function exposed(
  mesh: Mesh,
  subjects: readonly PeerSubject[],
  port: number | undefined,
): readonly Workload[] | undefined {
  const { rootNamespace } = mesh.settings
  const open = subjects.filter(({ workload, levels }) => {
    const asked = port ?? unlistedPort(workload, levels.workload)
    return (
      intendedMode(levels, asked) === 'STRICT' &&
      acceptsPlaintext(effectivePeerAuthentication(levels, rootNamespace), asked) &&
      !isDenied(mesh, workload, asked)
    )
  })
  return open.length > 0 ? workloadsOf(open) : undefined
}

/** A container port without a port-level mode: one that the workload declares, else any. */
function unlistedPort(
  workload: Workload | undefined,
  policy: PeerAuthentication | undefined,
): number {
  const declared =
    workload && workload.type !== 'WorkloadEntry'
      ? workload.template.ports.map(({ containerPort }) => containerPort)
      : []
  const any = Array.from(
    { length: (policy?.portLevelMtls.size ?? 0) + 1 },
    (_, index) => 1024 + index,
  )
  return [...declared, ...any].find((port) => policy?.portLevelMtls.has(port) !== true) ?? 0
}

/** Whether an AuthorizationPolicy refuses plaintext on a port. */
function isDenied(mesh: Mesh, workload: Workload | undefined, port: number): boolean {
  const plaintext = {
    sourceIp: undefined,
    destinationIp: undefined,
    destinationPort: port,
    identity: undefined,
  }
  const policies = workload ? mesh.get(policiesInForce, workload) : []
  return policies.some(
    ({ authorization }) =>
      authorization.action === 'Deny' &&
      !authorization.dryRun &&
      matchesPolicy(authorization, plaintext),
  )
}
