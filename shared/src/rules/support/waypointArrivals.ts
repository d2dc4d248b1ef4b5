import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload } from '../../mesh/policies.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { compact } from '../../text/collections.js'
import type { Authorization } from '../../ztunnel/authorization.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { isFilledIn } from './filledIn.js'
import { namedPeers, namedTrustDomains } from '../../ztunnel/namedPeers.js'
import { probe, type ProbeVerdict } from '../../ztunnel/probe.js'
import type { Identity } from '../../vocabulary/principal.js'
import { waypointPaths, type WaypointPath } from './waypointPaths.js'

/** What ztunnel does with a waypoint's connection to one container port of a workload: the verdict of all its policies together. */
export interface WaypointArrival {
  readonly path: WaypointPath
  readonly port: number
  readonly verdict: ProbeVerdict
}

/** Every policy of a workload's ztunnel, those included that `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` makes of its waypoints (docs/semantics.md §3.4). */
export const unionOf = query(
  'union of policies',
  (mesh, workload: Workload): readonly Authorization[] => {
    const settings = mesh.settings
    const { trustDomain } = settings
    const written = mesh.get(policiesAtZtunnel, workload).map(({ authorization }) => authorization)
    if (!settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')) return written
    return [
      ...written,
      ...mesh
        .get(waypointPaths, workload)
        .map(({ gateway, serviceAccount }) =>
          implicitAllow(gateway, { trustDomain, namespace: gateway.namespace, serviceAccount }),
        ),
    ]
  },
)

function implicitAllow(
  gateway: { readonly namespace: string; readonly name: string },
  { namespace, serviceAccount }: Identity,
): Authorization {
  return {
    name: `istio_allow_waypoint_${gateway.namespace}_${gateway.name}`,
    namespace: gateway.namespace,
    scope: 'WorkloadSelector',
    action: 'Allow',
    dryRun: false,
    rules: [[[{ serviceAccounts: [{ namespace, serviceAccount }] }]]],
  }
}

/** The verdict on each waypoint that traffic to a workload comes through, on each port. Empty where a policy of the workload cannot be read. */
export const waypointArrivals = query(
  'waypoint arrivals',
  (mesh, workload: Workload): readonly WaypointArrival[] => {
    const paths = mesh.get(waypointPaths, workload)
    if (paths.length === 0 || mesh.get(hasUnreadablePolicy, workload)) return []
    const policies = mesh.get(unionOf, workload)
    return compact(
      paths.flatMap((path) =>
        path.ports.map((port) => ({
          path,
          port,
          verdict: verdictOn(policies, waypointIdentities(mesh, path, policies), port),
        })),
      ),
    )
  },
)

function verdictOn(
  policies: readonly Authorization[],
  identities: readonly Identity[],
  port: number,
): ProbeVerdict {
  const verdicts = new Set(identities.map((identity) => probe(policies, { identity, port })))
  const [only = 'unknown'] = verdicts
  return verdicts.size === 1 ? only : 'unknown'
}

/**
 * What a waypoint may be called in the policies of a workload: under each trust domain that they name (whether those are the mesh's own is another
 * question), and, where the files do not say its namespace, in each namespace.
 */
export function waypointIdentities(
  mesh: Mesh,
  { gateway, serviceAccount }: WaypointPath,
  policies: readonly Authorization[],
): Identity[] {
  const own = mesh.settings.trustDomain
  const rules = policies.flatMap((policy) => policy.rules)
  const trustDomains = [...new Set([own, ...namedTrustDomains(rules)])]
  const written = isUnnamed(gateway.namespace)
    ? rules.flatMap((rule) => namedPeers(rule, own).map(({ identity }) => identity.namespace))
    : []
  return trustDomains.flatMap((trustDomain) =>
    [...new Set([gateway.namespace, ...written])].map((namespace) => ({
      trustDomain,
      namespace,
      serviceAccount,
    })),
  )
}

/** Whether some policy may reach a workload's ztunnel with values that another tool fills in. */
export const hasUnreadablePolicy = query(
  'unreadable policy',
  (mesh, workload: Workload): boolean => {
    const { rootNamespace } = mesh.settings
    if (
      mesh
        .get(policiesOfWorkload, workload)
        .some(
          (policy) =>
            isFilledIn(policy, ['spec', 'rules']) || isFilledIn(policy, ['spec', 'action']),
        )
    )
      return true
    return (
      mesh.get(hasUnreadableSelector, workload.namespace) ||
      mesh.get(hasUnreadableSelector, rootNamespace)
    )
  },
)

const hasUnreadableSelector = query('unreadable selector', (mesh, namespace: string): boolean => {
  return mesh
    .inNamespace('AuthorizationPolicy', namespace)
    .some((policy) => isFilledIn(policy, ['spec', 'selector']))
})

/** How surely the files show every AuthorizationPolicy. */
export function noTemplatedPolicy(mesh: Mesh): KnownCertainty {
  return mesh.hasOpaque('AuthorizationPolicy')
    ? assumed(
        'no template of these files adds an AuthorizationPolicy to these workloads or their waypoint',
      )
    : CERTAIN
}
