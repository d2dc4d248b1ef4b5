import type { Workload } from '../inventory/workloads.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { enrolmentOf, isDiscovered } from '../mesh/enrolment.js'
import { query } from '../mesh/mesh.js'
import { peerAuthenticationsOf, policiesOfWorkload } from '../mesh/policies.js'
import { atLeast, settingsOf } from '../mesh/settings.js'
import type { Authorization } from './authorization.js'
import { convertAuthorizationPolicy, type Conversion } from './convertAuthorizationPolicy.js'
import { convertPeerAuthentication, effectivePeerAuthentication, levelsOf, staticStrict, type EffectivePeerAuthentication } from './peerAuthentication.js'

/** What ztunnel receives for a policy (semantics §4). */
export const conversionOf = query('conversion', (mesh, policy: AuthorizationPolicy): Conversion => {
  const settings = mesh.get(settingsOf, '')
  const dryRunEnabled = settings.flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY') && atLeast(settings.istioVersion, '1.29')
  return convertAuthorizationPolicy(policy, { rootNamespace: settings.rootNamespace, dryRunEnabled })
})

/** What PeerAuthentication makes of a workload (semantics §6). */
export const peerAuthenticationOf = query('effective peer authentication', (mesh, workload: Workload): EffectivePeerAuthentication => {
  const { rootNamespace } = mesh.get(settingsOf, '')
  return effectivePeerAuthentication(levelsOf(mesh.get(peerAuthenticationsOf, workload), rootNamespace), rootNamespace)
})

/** A policy that a workload's ztunnel judges by, with the object that it comes from. */
export interface PolicyInForce {
  readonly authorization: Authorization
  /** Undefined for policies that istiod makes of PeerAuthentications. */
  readonly policy: AuthorizationPolicy | undefined
}

/** Every policy that ztunnel judges connections to a workload by, whether or not it is captured (semantics §5.3). */
export const policiesInForce = query('policies in force', (mesh, workload: Workload): readonly PolicyInForce[] => {
  const authorizations = mesh.get(policiesOfWorkload, workload).flatMap((policy) => {
    const { authorization } = mesh.get(conversionOf, policy)
    return authorization ? [{ authorization, policy }] : []
  })
  return [...authorizations, ...mesh.get(peerAuthenticationOf, workload).policies.map((authorization) => ({ authorization, policy: undefined }))]
})

/** `authorizationPolicies` of the workload in ztunnel's dump, in istiod's order: selector policies sorted, then PeerAuthentication keys (semantics §5.3). */
export const policyKeysOf = query('policy keys', (mesh, workload: Workload): readonly string[] => {
  const selected = mesh.get(policiesOfWorkload, workload).filter((policy) => policy.selector && mesh.get(conversionOf, policy).authorization)
  return [...selected.map(qualifiedName).sort(), ...mesh.get(peerAuthenticationOf, workload).policyKeys]
})

/** Everything istiod sends to every ztunnel, sorted by namespace and name: AuthorizationPolicies, converted PeerAuthentications, the static strict policy. */
export const sentPolicies = query('sent policies', (mesh, _: ''): readonly Authorization[] => {
  const { rootNamespace } = mesh.get(settingsOf, '')
  const peers = mesh.all('PeerAuthentication').filter((policy) => mesh.get(isDiscovered, policy.namespace))
  const policies = mesh.all('AuthorizationPolicy').filter((policy) => mesh.get(isDiscovered, policy.namespace))
  const converted = peers.flatMap((policy) => {
    const levels = levelsOf(peers.filter((other) => other.namespace === policy.namespace || (other.namespace === rootNamespace && !other.selector)), rootNamespace)
    return convertPeerAuthentication(policy, levels, rootNamespace) ?? []
  })
  const all = [...policies.flatMap((policy) => mesh.get(conversionOf, policy).authorization ?? []), ...converted, ...(peers.length > 0 ? [staticStrict(rootNamespace)] : [])]
  return all.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name))
})

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether a workload's ztunnel enforces policy: surely, by assumption, or not. */
export const isCaptured = query('captured', (mesh, workload: Workload): boolean => mesh.get(enrolmentOf, workload).mode === 'ambient')
