import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { classQuery, query, type Mesh } from '../../mesh/mesh.js'
import { labelsOfKey, policyClassOf, workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { policiesOfWorkload, selectionOf } from '../../mesh/policies.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { compact, NONE } from '../../text/collections.js'
import type { Authorization } from '../../ztunnel/authorization.js'
import { policiesAtZtunnel, writtenPoliciesAtZtunnel } from '../../ztunnel/enforcement.js'
import { isFilledIn } from './filledIn.js'
import { namedPeers, namedTrustDomains } from '../../ztunnel/namedPeers.js'
import { probe, type ProbeVerdict } from '../../ztunnel/probe.js'
import type { Identity } from '../../vocabulary/principal.js'
import { waypointPaths, type WaypointPath } from './waypointPaths.js'

/** The verdict of all ztunnel policies of a workload on a waypoint's connection to one container port. */
export interface WaypointVerdict {
  readonly path: WaypointPath
  readonly port: number
  readonly verdict: ProbeVerdict
}

/**
 * Every ztunnel policy of a workload, including those that `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` adds
 * (docs/semantics.md §3.4).
 */
export const ztunnelPoliciesOf = query(
  'ztunnel policies',
  (mesh, workload: Workload): readonly Authorization[] => {
    const settings = mesh.settings
    const { trustDomain } = settings
    if (!settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY'))
      return mesh.get(authorizationsOf, workload)
    return [
      ...mesh.get(policiesAtZtunnel, workload).map(({ authorization }) => authorization),
      ...mesh
        .get(waypointPaths, workload)
        .map(({ gateway, serviceAccount }) =>
          implicitAllow(gateway, { trustDomain, namespace: gateway.namespace, serviceAccount }),
        ),
    ]
  },
)

const authorizationsOf = classQuery(
  'authorizations',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): readonly Authorization[] =>
    mesh.get(writtenPoliciesAtZtunnel.ofClass, key).map(({ authorization }) => authorization),
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

/**
 * One verdict for each waypoint in front of a workload and each port. Empty where a policy of the workload has
 * unknown values.
 */
export const waypointVerdicts = query(
  'waypoint verdicts',
  (mesh, workload: Workload): readonly WaypointVerdict[] => {
    const paths = mesh.get(waypointPaths, workload)
    if (paths.length === 0 || mesh.get(hasUnreadablePolicy, workload)) return []
    const policies = mesh.get(ztunnelPoliciesOf, workload)
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

/** The workloads of a policy at which a waypoint has this verdict on a port. */
export function workloadsWithVerdict(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  verdict: 'allow' | 'deny',
): readonly Workload[] {
  const selection = selectionOf(mesh, policy)
  return selection === undefined ? NONE : mesh.get(workloadsByVerdict, selection)[verdict]
}

/** The policies of one selection share these lists. */
const workloadsByVerdict = query(
  'workloads by verdict',
  (mesh, selection: string): Readonly<Record<'allow' | 'deny', readonly Workload[]>> => {
    const workloads = mesh.get(workloadsWithLabels, selection)
    const having = (wanted: ProbeVerdict): readonly Workload[] =>
      workloads.filter((workload) =>
        mesh.get(waypointVerdicts, workload).some(({ verdict }) => verdict === wanted),
      )
    return { allow: having('allow'), deny: having('deny') }
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
 * The identities under which the policies of a workload may name a waypoint: one for each trust domain in the
 * policies and, where the waypoint's namespace is not known from the files, one for each namespace in them.
 */
export function waypointIdentities(
  mesh: Mesh,
  { gateway, serviceAccount }: WaypointPath,
  policies: readonly Authorization[],
): Identity[] {
  const meshTrustDomain = mesh.settings.trustDomain
  const rules = policies.flatMap((policy) => policy.rules)
  const trustDomains = [...new Set([meshTrustDomain, ...namedTrustDomains(rules)])]
  const namedNamespaces = isUnnamed(gateway.namespace)
    ? rules.flatMap((rule) =>
        namedPeers(rule, meshTrustDomain).map(({ identity }) => identity.namespace),
      )
    : []
  return trustDomains.flatMap((trustDomain) =>
    [...new Set([gateway.namespace, ...namedNamespaces])].map((namespace) => ({
      trustDomain,
      namespace,
      serviceAccount,
    })),
  )
}

/** Whether another tool fills in values of a policy that may apply to the workload at ztunnel. */
export const hasUnreadablePolicy = classQuery(
  'unreadable policy',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): boolean => {
    const { rootNamespace } = mesh.settings
    if (
      mesh
        .get(policiesOfWorkload.ofClass, key)
        .some(
          (policy) =>
            isFilledIn(policy, ['spec', 'rules']) || isFilledIn(policy, ['spec', 'action']),
        )
    )
      return true
    return (
      mesh.get(hasUnreadableSelector, labelsOfKey(key).namespace ?? '') ||
      mesh.get(hasUnreadableSelector, rootNamespace)
    )
  },
)

const hasUnreadableSelector = query('unreadable selector', (mesh, namespace: string): boolean => {
  return mesh
    .inNamespace('AuthorizationPolicy', namespace)
    .some((policy) => isFilledIn(policy, ['spec', 'selector']))
})

/** Certain where every AuthorizationPolicy is in the files; else the assumption that no template adds one. */
export function noTemplatedPolicy(mesh: Mesh): KnownCertainty {
  return mesh.hasOpaque('AuthorizationPolicy')
    ? assumed('no template adds an AuthorizationPolicy to these workloads or to their waypoint')
    : CERTAIN
}
