import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { qualifiedName } from '../../resources/resource.js'
import type { Authorization } from '../../ztunnel/authorization.js'
import { conversionOf, policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import {
  acceptsPlaintext,
  effectivePeerAuthentication,
  intendedMode,
} from '../../ztunnel/peerAuthentication.js'
import { matchesPolicy } from '../../ztunnel/rbac.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { denyPlaintext, setModeStrict } from './modeFixes.js'
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
    const subjects = coverage ? subjectsWithMissingPolicy(mesh, policy, coverage) : []
    const meshWide = subjects[0]?.levels.mesh
    if (!coverage || !meshWide) return
    const certainties = [coverage.certainty]
    const strictPorts = [...policy.portLevelMtls]
      .filter(([, mode]) => mode === 'STRICT')
      .map(([port]) => port)
    const open = strictPorts
      .map((port) => ({ port, workloads: acceptingPlaintext(mesh, subjects, port) }))
      .filter(({ workloads }) => workloads !== undefined)
    const related = [
      {
        resource: meshWide,
        path: ['spec', 'mtls', 'mode'],
        message: 'The mesh-wide STRICT.',
      },
      ...coverage.evidence,
    ]
    const denyOnPorts = (): Fix[] =>
      rankFixes(denyPlaintext(mesh, policy, { ports: open.map(({ port }) => port) })).map(
        (fix) => ({ ...fix, preferred: true }),
      )
    const reason = 'istiod does not generate the STRICT policy for this port.'
    for (const { port, workloads = [] } of open) {
      const accepted = `Plaintext is accepted on port ${String(port)}`
      report({
        message: firstThatFits(
          `${accepted} of ${nameWorkloads(workloads)}: ${reason}`,
          `${accepted}: ${reason}`,
        ),
        path: ['spec', 'portLevelMtls', String(port), 'mode'],
        certainties,
        related: [...related, ...eachWorkload(workloads, 'plaintext is accepted on the port.')],
        fixes: denyOnPorts,
      })
    }
    const listed = [...policy.portLevelMtls.keys()]
    const everywhere =
      policy.mode === 'UNSET' ? acceptingPlaintext(mesh, subjects, undefined) : undefined
    if (!everywhere) return
    const unset = subjects[0]?.levels.namespace
    const notApplied = `istiod does not apply the STRICT of ${quoted(qualifiedName(meshWide))}.`
    report({
      message: firstThatFits(
        `Plaintext is accepted on every port of ${nameWorkloads(everywhere)}: ${notApplied}`,
        `Plaintext is accepted on every port: ${notApplied}`,
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
                message: 'This PeerAuthentication of the namespace has no mode.',
              },
            ]
          : []),
        ...eachWorkload(everywhere, 'plaintext is accepted on every port.'),
      ],
      fixes: () =>
        rankFixes(
          setModeStrict(policy),
          denyPlaintext(mesh, policy, {
            notPorts: listed.filter((port) => policy.portLevelMtls.get(port) !== 'STRICT'),
          }),
        ),
    })
  },
})

/** The subjects whose workload refers to a policy that istiod does not generate. */
function subjectsWithMissingPolicy(
  mesh: Mesh,
  policy: PeerAuthentication,
  coverage: Coverage,
): PeerSubject[] {
  const { rootNamespace } = mesh.settings
  return peerSubjects(mesh, policy, coverage).filter(
    ({ levels }) =>
      levels.workload === policy &&
      effectivePeerAuthentication(levels, rootNamespace).danglingReference,
  )
}

/**
 * The workloads that accept plaintext on a port that the modes set to STRICT, and that no
 * AuthorizationPolicy denies. Undefined if there is none; empty if the files show no workload.
 *
 * @param port a container port; undefined for a port without a port-level mode.
 */
function acceptingPlaintext(
  mesh: Mesh,
  subjects: readonly PeerSubject[],
  port: number | undefined,
): readonly Workload[] | undefined {
  const { rootNamespace } = mesh.settings
  const open = subjects.filter((subject) => {
    const { workload, levels } = subject
    const checkedPort = port ?? unlistedPort(workload, levels.workload)
    return (
      intendedMode(levels, checkedPort) === 'STRICT' &&
      acceptsPlaintext(effectivePeerAuthentication(levels, rootNamespace), checkedPort) &&
      !isDenied(mesh, subject, checkedPort)
    )
  })
  return open.length > 0 ? workloadsOf(open) : undefined
}

/** A container port without a port-level mode: a declared port, else any port. */
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

/** Whether an AuthorizationPolicy denies plaintext on a port. */
function isDenied(mesh: Mesh, { workload, levels }: PeerSubject, port: number): boolean {
  const plaintext = {
    sourceIp: undefined,
    destinationIp: undefined,
    destinationPort: port,
    identity: undefined,
  }
  const policies = workload
    ? mesh.get(policiesAtZtunnel, workload).map(({ authorization }) => authorization)
    : levels.workload
      ? authorizationsForAll(mesh, levels.workload)
      : []
  return policies.some(
    (authorization) =>
      authorization.action === 'Deny' &&
      !authorization.dryRun &&
      matchesPolicy(authorization, plaintext),
  )
}

/** What ztunnel receives for every pod that a PeerAuthentication selects, also for pods that no file has. */
function authorizationsForAll(
  mesh: Mesh,
  { namespace, selector }: PeerAuthentication,
): Authorization[] {
  return [...new Set([namespace, mesh.settings.rootNamespace])]
    .flatMap((each) => mesh.inNamespace('AuthorizationPolicy', each))
    .filter(
      (policy) =>
        policy.targetRefs.length === 0 &&
        Object.entries(policy.selector?.matchLabels ?? {}).every(
          ([key, value]) => selector?.matchLabels?.[key] === value,
        ),
    )
    .flatMap((policy) => mesh.get(conversionOf, policy).authorization ?? [])
}
