import { groupBy, NONE } from '../../text/collections.js'
import { splitOnce } from '../../text/splitOnce.js'
import { policyClassOf } from '../../mesh/selectorClasses.js'
import type { Workload } from '../../inventory/workloads.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyMatch, type AuthorizationRule, type Match } from '../../ztunnel/authorization.js'
import {
  conversionOf,
  policiesAtZtunnel,
  writtenPoliciesAtZtunnel,
  type ZtunnelPolicy,
} from '../../ztunnel/enforcement.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import type { Fix, PlainObject } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { toPlainRule } from '../fixes/plainRule.js'
import { setStrictMode } from './setStrictMode.js'
import { defineRule } from '../rule.js'
import { coverageOf, eachWorkload, nameWorkloads, selectionCoverage } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { declaredPorts, mutualTlsCertainty, portsToTry, requiresIdentity } from './plaintext.js'
import { firstThatFits } from '../support/words.js'
import { identityField } from '../support/identityFields.js'
import { hasUnreadablePolicy, noTemplatedPolicy } from '../support/waypointVerdicts.js'
import { isKnown } from '../../mesh/certainty.js'

export const denyMissesPlaintext = defineRule({
  name: 'deny-misses-plaintext',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const { authorization, rules } = mesh.get(conversionOf, policy)
    if (
      policy.action !== 'DENY' ||
      !authorization ||
      authorization.dryRun ||
      isActionFilledIn(policy)
    )
      return
    const byIdentity = rules.filter(
      ({ rule, effective }) => effective && rule?.some((clause) => clause.some(requiresIdentity)),
    )
    const coverage = byIdentity.length > 0 ? mesh.get(coverageOf, policy) : undefined
    for (const { index, rule } of coverage ? byIdentity : []) {
      if (!coverage || !rule) continue
      const classes = classesBypassing(mesh, mesh.get(plaintextClasses, coverage.key), rule)
      if (classes.length === 0) continue
      const members = new Set(classes.flat())
      const open = coverage.workloads.filter((workload) => members.has(workload))
      report({
        message: firstThatFits(
          `This DENY rule does not apply to plaintext clients of ${nameWorkloads(open)}: they have no identity.`,
          'This DENY rule does not apply to plaintext clients: they have no identity.',
        ),
        path: identityField(policy, index),
        on: 'key',
        certainties: [
          coverage.certainty,
          noTemplatedPolicy(mesh),
          ...classes
            .flatMap(([first]) => (first ? [mesh.get(mutualTlsCertainty, first)] : []))
            .filter(isKnown),
        ],
        related: [...coverage.evidence, ...eachWorkload(open, 'plaintext is accepted.')],
        fixes: () =>
          rankFixes(setStrictMode(mesh, policy), denyClientsWithoutIdentity(policy, index)),
      })
      // One finding for each policy is enough.
      return
    }
  },
})

/**
 * The workloads of a `selectionCoverage` in classes: all workloads of a class have the same policies and
 * declare the same ports, so that one of them shows which ports of all accept plaintext.
 */
const plaintextClasses = query(
  'plaintext classes of coverage',
  (mesh, key: string): readonly (readonly Workload[])[] => {
    const workloads = mesh.get(selectionCoverage, key)?.workloads ?? NONE
    // Policies that istiod generates for waypoints differ between the workloads of a class.
    if (mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY'))
      return workloads.map((workload) => [workload])
    const classes = groupBy(
      workloads,
      (workload) => `${declaredPorts(workload).join()} ${mesh.get(policyClassOf, workload)}`,
    )
    return [...classes.values()]
  },
)

/**
 * The classes whose workloads accept plaintext on a port that the rule denies to clients with an
 * identity.
 */
function classesBypassing(
  mesh: Mesh,
  classes: readonly (readonly Workload[])[],
  rule: AuthorizationRule,
): readonly (readonly Workload[])[] {
  const anyClient = rule.map((clause) => clause.map(withoutIdentities))
  const isDeniedPort = (port: number): boolean =>
    matchesRule(anyClient, {
      identity: undefined,
      destinationPort: port,
      sourceIp: undefined,
      destinationIp: undefined,
    })
  const accepts = (workload: Workload): boolean =>
    portsToTry(workload, [rule]).some(
      (port) =>
        isDeniedPort(port) &&
        (mesh.get(plaintextByPort, workload).get(port) ?? acceptsPlaintext(mesh, workload, port)),
    )
  return classes.filter(([first]) => first !== undefined && accepts(first))
}

/**
 * Whether each declared port of a workload certainly accepts plaintext; any port if none is
 * declared.
 */
const plaintextByPort = query(
  'plaintext on declared ports',
  (mesh, workload: Workload): ReadonlyMap<number, boolean> => {
    return new Map(
      portsToTry(workload, []).map((port) => [port, acceptsPlaintext(mesh, workload, port)]),
    )
  },
)

function acceptsPlaintext(mesh: Mesh, workload: Workload, port: number): boolean {
  if (
    mesh.get(hasUnreadablePolicy, workload) ||
    mesh.get(mutualTlsCertainty, workload).level === 'unknown'
  )
    return false
  // Policies that istiod generates for waypoints differ between the workloads of a class.
  return mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')
    ? allowsPlaintext(mesh.get(policiesAtZtunnel, workload), port)
    : mesh.get(classAllowsPlaintext, `${port} ${mesh.get(policyClassOf, workload)}`)
}

/** Whether ztunnel allows plaintext on a port of the workloads with the same policies. */
const classAllowsPlaintext = query(
  'class allows plaintext',
  (mesh, argument: `${number} ${string}`): boolean => {
    const [port, key] = splitOnce(argument, ' ')
    return allowsPlaintext(mesh.get(writtenPoliciesAtZtunnel.ofClass, key), Number(port))
  },
)

function allowsPlaintext(policies: readonly ZtunnelPolicy[], port: number): boolean {
  const authorizations = policies.map(({ authorization }) => authorization)
  return probe(authorizations, { identity: undefined, port }) === 'allow'
}

/** The match without its conditions on identity and address. A match that ztunnel skips is still skipped. */
function withoutIdentities(match: Match): Match {
  if (isEmptyMatch(match)) return match
  const { destinationPorts = [], notDestinationPorts = [] } = match
  // An empty match matches nothing. No connection uses port 0, so this keeps the match from being
  // empty.
  return { destinationPorts, notDestinationPorts: [...notDestinationPorts, 0] }
}

/** Adds a rule that denies clients without an identity on the same ports. */
function denyClientsWithoutIdentity(policy: AuthorizationPolicy, index: number): Fix | undefined {
  const rule = policy.rules[index]
  const operations = rule && toPlainRule({ from: undefined, to: rule.to, when: undefined })?.['to']
  const added: PlainObject = {
    from: [{ source: { notPrincipals: ['*'] } }],
    ...(operations === undefined ? {} : { to: operations }),
  }
  return {
    title: 'Also deny clients without identity',
    preferred: false,
    safe: false,
    edits: [{ op: 'append', resource: policy, path: ['spec', 'rules'], values: [added] }],
  }
}
