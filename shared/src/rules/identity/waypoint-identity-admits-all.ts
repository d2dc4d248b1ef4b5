import { workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { NONE } from '../../text/collections.js'
import { selectionOf } from '../../mesh/policies.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { unnamedIdentityIn } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import type { Identity } from '../../vocabulary/principal.js'
import { isLayered } from '../../waypoint/attachedPolicies.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { firstThatFits } from '../support/words.js'
import { restrictsByIdentity } from './waypointRestrictions.js'
import { groupByWaypoint, onPorts, type Hit } from '../support/hits.js'
import { identityField } from '../support/identityFields.js'
import { shownName } from '../support/resourceNames.js'
import {
  noTemplatedPolicy,
  ztunnelPoliciesOf,
  waypointVerdicts,
  waypointIdentities,
  type WaypointVerdict,
} from '../support/waypointVerdicts.js'

export const waypointIdentityAdmitsAll = defineRule({
  name: 'waypoint-identity-admits-all',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'TCPRoute',
    'TLSRoute',
    'VirtualService',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (policy.action !== 'ALLOW' || policy.targetRefs.length > 0 || selectsProxies(mesh, policy))
      return
    const { authorization } = mesh.get(conversionOf, policy)
    if (!authorization || authorization.dryRun) return
    const selection = selectionOf(mesh, policy)
    const hits = (selection === undefined ? NONE : mesh.get(workloadsWithArrivals, selection))
      .flatMap((workload) => hitsOf(mesh, policy, workload))
      .filter(({ path }) => !isLayered(mesh, policy, path.gateway))
    for (const group of groupByWaypoint(hits)) {
      const clients = `Every client of waypoint "${shownName(group.gateway)}" is allowed`
      const reason = "the source matches the waypoint's own identity."
      report({
        message: firstThatFits(
          `${clients} to ${nameWorkloads(group.workloads)}${onPorts(group.onlyPorts)}: ${reason}`,
          `${clients} to ${nameWorkloads(group.workloads)}: ${reason}`,
          `${clients}: ${reason}`,
        ),
        path: identityField(policy, group.rules[0]),
        on: 'key',
        certainties: group.certainties,
        related: group.evidence,
        fixes: () => rankFixes(bindToWaypoint(mesh, policy, { companion: true })),
      })
    }
  },
})

/** The workloads of a selection that a waypoint reaches because of its own identity alone. */
const workloadsWithArrivals = query(
  'workloads with arrivals by identity',
  (mesh, selection: string): readonly Workload[] =>
    mesh
      .get(workloadsWithLabels, selection)
      .filter((workload) => mesh.get(arrivalsByIdentity, workload).length > 0),
)

const arrivalsByIdentity = query(
  'arrivals by identity',
  (mesh, workload: Workload): readonly WaypointVerdict[] => {
    const allowed = mesh
      .get(waypointVerdicts, workload)
      .filter(({ verdict }) => verdict === 'allow')
    if (allowed.length === 0) return NONE
    const policies = mesh.get(ztunnelPoliciesOf, workload)
    const identity = unnamedIdentityIn(mesh.settings.trustDomain)
    // The source allows nothing more if every client is allowed, or if a policy allows the waypoint
    // by name.
    return allowed.filter(
      ({ path, port }) =>
        probe(policies, { identity, port }) === 'deny' &&
        !allowsWaypointByName(mesh, workload, { path, port }),
    )
  },
)

function hitsOf(mesh: Mesh, policy: AuthorizationPolicy, workload: Workload): Hit[] {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  return mesh.get(arrivalsByIdentity, workload).flatMap(({ path, port }): Hit[] => {
    const found = mesh
      .get(conversionOf, policy)
      .rules.find(
        ({ rule }) =>
          rule && matchesWholeNamespace(rule, waypointIdentities(mesh, path, policies), port),
      )
    if (
      !found ||
      !isClientNamespace(mesh, path.gateway.namespace, workload) ||
      restrictsByIdentity(mesh, path)
    )
      return []
    return [{ workload, path, port, rule: found.index, certainties: [noTemplatedPolicy(mesh)] }]
  })
}

/**
 * Whether an ALLOW policy of the workload allows the waypoint but no other account of its
 * namespace: a companion policy.
 */
function allowsWaypointByName(
  mesh: Mesh,
  workload: Workload,
  { path, port }: Pick<WaypointVerdict, 'path' | 'port'>,
): boolean {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  const allowing = policies.filter(({ action, dryRun }) => action === 'Allow' && !dryRun)
  return allowing.some(({ rules }) =>
    rules.some((rule) =>
      waypointIdentities(mesh, path, policies).some(
        (identity) =>
          matches(rule, identity, port) && !matches(rule, otherAccountOf(identity), port),
      ),
    ),
  )
}

function matchesWholeNamespace(
  rule: AuthorizationRule,
  identities: readonly Identity[],
  port: number,
): boolean {
  return identities.every(
    (identity) => matches(rule, identity, port) && matches(rule, otherAccountOf(identity), port),
  )
}

function matches(rule: AuthorizationRule, identity: Identity, port: number): boolean {
  return matchesRule(rule, {
    identity,
    destinationPort: port,
    sourceIp: undefined,
    destinationIp: undefined,
  })
}

/** Another account of the same namespace. */
function otherAccountOf({ trustDomain, namespace }: Identity): Identity {
  return unnamedIdentityIn(trustDomain, namespace)
}

/**
 * Whether clients run in a namespace. A policy names a namespace that has only waypoints because of
 * the waypoints.
 */
function isClientNamespace(mesh: Mesh, namespace: string, destination: Workload): boolean {
  return (
    namespace === destination.namespace ||
    mesh
      .workloadsAt(keys.workloads(namespace))
      .some((workload) => !isGatewayPod(podLabels(workload)))
  )
}
