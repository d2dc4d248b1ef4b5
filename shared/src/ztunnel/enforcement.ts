import type { Workload } from '../inventory/workloads.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { isRead } from '../mesh/discovery.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { classQuery, query, type Mesh } from '../mesh/mesh.js'
import { labelsOfKey, policyClassOf } from '../mesh/selectorClasses.js'
import {
  peerAuthenticationsForAll,
  peerAuthenticationsOf,
  policiesOfWorkload,
} from '../mesh/policies.js'
import { servicesOfWorkload, workloadsOfService } from '../mesh/services.js'
import { waypointOfService, waypointSentForWorkload } from '../mesh/waypoints.js'
import type { Gateway } from '../resources/gateway.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import { compareText } from '../text/compareText.js'
import { compact } from '../text/collections.js'
import type { Authorization } from './authorization.js'
import {
  convertAuthorizationPolicy,
  convertRules,
  type Conversion,
  type ConvertedRule,
} from './convertAuthorizationPolicy.js'
import {
  convertPeerAuthentication,
  effectivePeerAuthentication,
  levelsOf,
  possibleLevels,
  staticStrict,
  type EffectivePeerAuthentication,
} from './peerAuthentication.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { supports } from '../vocabulary/releases.js'

/** What ztunnel receives of each rule of a policy (docs/semantics.md §4). */
export const convertedRules = query(
  'converted rules',
  (_, policy: AuthorizationPolicy): readonly ConvertedRule[] => convertRules(policy),
)

/** What ztunnel receives for a policy (docs/semantics.md §4). */
export const conversionOf = query('conversion', (mesh, policy: AuthorizationPolicy): Conversion => {
  const settings = mesh.settings
  const dryRunEnabled =
    settings.flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY') &&
    supports(settings, 'dryRunAtZtunnel')
  return convertAuthorizationPolicy(
    policy,
    { rootNamespace: settings.rootNamespace, dryRunEnabled },
    mesh.get(convertedRules, policy),
  )
})

/** The PeerAuthentications that apply to a workload, and their effect (docs/semantics.md §6). */
export const peerAuthenticationOf = classQuery(
  'effective peer authentication',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): EffectivePeerAuthentication => {
    const { namespace = '' } = labelsOfKey(key)
    const applicable = mesh.get(peerAuthenticationsOf.ofClass, key)
    if (applicable === mesh.get(peerAuthenticationsForAll, namespace))
      return mesh.get(peerAuthenticationForAll, namespace)
    return effectiveAmong(mesh, applicable)
  },
)

/** The effect of the PeerAuthentications without a selector, for the other workloads of a namespace. */
const peerAuthenticationForAll = query(
  'effective peer authentication for all',
  (mesh, namespace: string) => effectiveAmong(mesh, mesh.get(peerAuthenticationsForAll, namespace)),
)

function effectiveAmong(
  mesh: Mesh,
  applicable: readonly PeerAuthentication[],
): EffectivePeerAuthentication {
  const { rootNamespace } = mesh.settings
  return effectivePeerAuthentication(levelsOf(applicable, rootNamespace), rootNamespace)
}

/**
 * The effect of the PeerAuthentications that apply to a workload, for every order of their ages: of several at one
 * level the oldest counts, and no file shows which that is. The first is `peerAuthenticationOf`.
 */
export const possiblePeerAuthentications = classQuery(
  'possible peer authentications',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): readonly EffectivePeerAuthentication[] => {
    const { rootNamespace } = mesh.settings
    const levels = possibleLevels(mesh.get(peerAuthenticationsOf.ofClass, key), rootNamespace)
    return levels.length === 1
      ? [mesh.get(peerAuthenticationOf.ofClass, key)]
      : levels.map((each) => effectivePeerAuthentication(each, rootNamespace))
  },
)

/** A policy that the ztunnel of a workload enforces, with the object that it comes from. */
export interface ZtunnelPolicy {
  readonly authorization: Authorization
  /** Undefined for policies that istiod generates from PeerAuthentications and for waypoints. */
  readonly policy: AuthorizationPolicy | undefined
}

/**
 * Every policy that ztunnel enforces for connections to a workload, if the workload is captured (docs/semantics.md
 * §5.3).
 */
export const policiesAtZtunnel = query(
  'policies at ztunnel',
  (mesh, workload: Workload): readonly ZtunnelPolicy[] => {
    const written = mesh.get(writtenPoliciesAtZtunnel, workload)
    const generated = generatedPoliciesFor(mesh, workload)
    return generated.length === 0
      ? written
      : compact([
          ...written,
          ...generated.map((authorization) => ({ authorization, policy: undefined })),
        ])
  },
)

/** The same for every order of the ages of PeerAuthentications: one list, if no level has several. */
export const possiblePoliciesAtZtunnel = query(
  'possible policies at ztunnel',
  (mesh, workload: Workload): readonly (readonly ZtunnelPolicy[])[] => {
    const policies = mesh.get(policiesAtZtunnel, workload)
    const [, ...others] = mesh.get(possiblePeerAuthentications, workload)
    if (others.length === 0) return [policies]
    const written = mesh.get(writtenPoliciesAtZtunnel, workload).filter(({ policy }) => policy)
    const generated = generatedPoliciesFor(mesh, workload)
    return [
      policies,
      ...others.map((other) => [
        ...written,
        ...[...other.policies, ...generated].map((authorization) => ({
          authorization,
          policy: undefined,
        })),
      ]),
    ]
  },
)

/** The same without the policies that istiod generates for waypoints: all workloads of a class have these. */
export const writtenPoliciesAtZtunnel = classQuery(
  'written policies at ztunnel',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): readonly ZtunnelPolicy[] => {
    const authorizations = mesh.get(policiesOfWorkload.ofClass, key).flatMap((policy) => {
      const { authorization } = mesh.get(conversionOf, policy)
      return authorization ? [{ authorization, policy }] : []
    })
    const { policies } = mesh.get(peerAuthenticationOf.ofClass, key)
    return compact([
      ...authorizations,
      ...policies.map((authorization) => ({ authorization, policy: undefined })),
    ])
  },
)

/** The policies that istiod generates for the waypoints of a workload. */
function generatedPoliciesFor(mesh: Mesh, workload: Workload): readonly Authorization[] {
  return mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')
    ? mesh.get(waypointPolicies, workload)
    : []
}

/**
 * With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, the ALLOW policies for the waypoints of a workload: those of its
 * Services, then its own (`ambient/workloads.go` implicitWaypointPolicies). With them ztunnel denies everything
 * that no policy allows.
 */
const waypointPolicies = query(
  'implicit waypoint policies',
  (mesh, workload: Workload): readonly Authorization[] => {
    const entries = mesh
      .inNamespace('ServiceEntry', workload.namespace)
      .filter((entry) => mesh.get(workloadsOfService, entry).includes(workload))
    const ofServices = [...mesh.get(servicesOfWorkload, workload), ...entries].map((service) =>
      mesh.get(waypointOfService, service),
    )
    const gateways = [...ofServices, mesh.get(waypointSentForWorkload, workload)].flatMap(
      (binding) => (binding.status === 'bound' ? [binding.gateway] : []),
    )
    return [...new Set(gateways)].map((gateway) => waypointPolicyFor(mesh, gateway))
  },
)

/** `implicitWaypointPolicy` (`ambient/policies.go:300-343`). */
function waypointPolicyFor(mesh: Mesh, gateway: Gateway): Authorization {
  const { namespace } = gateway
  const principal = formatPrincipal({
    trustDomain: mesh.settings.trustDomain,
    namespace,
    serviceAccount: mesh.get(gatewayServiceAccount, gateway),
  })
  return {
    name: `istio_allow_waypoint_${namespace}_${gateway.name}`,
    namespace,
    scope: 'WorkloadSelector',
    action: 'Allow',
    dryRun: false,
    rules: [[[{ principals: [{ Exact: principal }] }]]],
  }
}

/** The Gateways that istiod deploys: it sends an ALLOW policy for each. */
function deployedGateways(mesh: Mesh): readonly Gateway[] {
  return mesh
    .all('Gateway')
    .filter(
      ({ namespace, gatewayClassName }) =>
        mesh.get(classRole, gatewayClassName) !== 'unknown' &&
        gatewayClassName !== 'istio-remote' &&
        mesh.get(isDiscovered, namespace),
    )
}

/**
 * `authorizationPolicies` of the workload in ztunnel's dump, in istiod's order: sorted policies with a
 * selector, then the keys of PeerAuthentications, then the policies for waypoints (docs/semantics.md §5.3).
 */
export const policyKeysOf = query('policy keys', (mesh, workload: Workload): readonly string[] => {
  const selected = mesh
    .get(policiesOfWorkload, workload)
    .filter((policy) => policy.selector && mesh.get(conversionOf, policy).authorization)
  return [
    ...selected.map(qualifiedName).sort(),
    ...mesh.get(peerAuthenticationOf, workload).policyKeys,
    ...generatedPoliciesFor(mesh, workload).map(qualifiedName),
  ]
})

/**
 * Every policy that istiod sends to every ztunnel, sorted by namespace and name: AuthorizationPolicies,
 * converted PeerAuthentications, the static strict policy, and the policies for waypoints.
 */
export const sentPolicies = query('sent policies', (mesh, _: ''): readonly Authorization[] => {
  const { rootNamespace } = mesh.settings
  const peers = mesh.all('PeerAuthentication').filter((policy) => isRead(mesh, policy))
  const policies = mesh.all('AuthorizationPolicy').filter((policy) => isRead(mesh, policy))
  const converted = peers.flatMap((policy) => {
    const levels = levelsOf(
      peers.filter(
        (other) =>
          other.namespace === policy.namespace ||
          (other.namespace === rootNamespace && !other.selector),
      ),
      rootNamespace,
    )
    return convertPeerAuthentication(policy, levels, rootNamespace) ?? []
  })
  const allowances = mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')
    ? deployedGateways(mesh).map((gateway) => waypointPolicyFor(mesh, gateway))
    : []
  const all = [
    ...policies.flatMap((policy) => mesh.get(conversionOf, policy).authorization ?? []),
    ...converted,
    ...(peers.length > 0 ? [staticStrict(rootNamespace)] : []),
    ...allowances,
  ]
  return all.sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name))
})

/** Whether ztunnel receives the traffic of a workload, and so enforces its policies. */
export const isCaptured = query(
  'captured',
  (mesh, workload: Workload): boolean => mesh.get(enrolmentOf, workload).mode === 'ambient',
)
