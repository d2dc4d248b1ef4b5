import type { ResourceType } from '../resources/resource.js'
import { actionNotEnforced } from './action-not-enforced.js'
import { ambientAndSidecar } from './ambient-and-sidecar.js'
import { denyMissesPlaintext } from './deny-misses-plaintext.js'
import { denyPathVariants } from './deny-path-variants.js'
import { deprecatedApiVersion } from './deprecated-api-version.js'
import { disableModeIsPermissive } from './disable-mode-is-permissive.js'
import { dryRunNotEnforced } from './dry-run-not-enforced.js'
import { duplicateDefinition } from './duplicate-definition.js'
import { duplicatePeerAuthentication } from './duplicate-peer-authentication.js'
import { emptySelector } from './empty-selector.js'
import { gatewayClassNotEnforced } from './gateway-class-not-enforced.js'
import { gatewayClassOutsideRoot } from './gateway-class-outside-root.js'
import { headlessServiceTarget } from './headless-service-target.js'
import { hostNetworkNotCaptured } from './host-network-not-captured.js'
import { inboundCaptureBypassed } from './inbound-capture-bypassed.js'
import { ingressBypassesWaypoint } from './ingress-bypasses-waypoint.js'
import { invalidLabelValue } from './invalid-label-value.js'
import { invalidResource } from './invalid-resource.js'
import { ipBlocksAtWaypoint } from './ip-blocks-at-waypoint.js'
import { jwtRuleWithoutRequestAuthentication } from './jwt-rule-without-request-authentication.js'
import { l7AllowRuleDropped } from './l7-allow-rule-dropped.js'
import { l7DenyRuleNoEffect } from './l7-deny-rule-no-effect.js'
import { l7DenyRuleWidened } from './l7-deny-rule-widened.js'
import { l7ResourceWithoutWaypoint } from './l7-resource-without-waypoint.js'
import { misplacedLabel } from './misplaced-label.js'
import { mtlsPortNotServed } from './mtls-port-not-served.js'
import { negationAdmitsPlaintext } from './negation-admits-plaintext.js'
import { networkPolicyBlocksHbone } from './network-policy-blocks-hbone.js'
import { networkPolicyBlocksProbes } from './network-policy-blocks-probes.js'
import { networkPolicyBlocksWaypoint } from './network-policy-blocks-waypoint.js'
import { networkPolicyPortNoEffect } from './network-policy-port-no-effect.js'
import { plaintextClientRefused } from './plaintext-client-refused.js'
import { portDisableIgnored } from './port-disable-ignored.js'
import { portNotServed } from './port-not-served.js'
import { principalOutsideMesh } from './principal-outside-mesh.js'
import { remoteIpFromHeader } from './remote-ip-from-header.js'
import { rootDenyAllMissesWaypoints } from './root-deny-all-misses-waypoints.js'
import { rootSelectorIgnored } from './root-selector-ignored.js'
import type { Rule } from './rule.js'
import { ruleIdle } from './rule-idle.js'
import { selectorAndTargetRefs } from './selector-and-target-refs.js'
import { selectorMatchesNothing } from './selector-matches-nothing.js'
import { selectorMatchesWaypoint } from './selector-matches-waypoint.js'
import { serviceTargetOnWorkloadWaypoint } from './service-target-on-workload-waypoint.js'
import { strictPortNotEnforced } from './strict-port-not-enforced.js'
import { targetKindNotSupported } from './target-kind-not-supported.js'
import { targetNamespaceSet } from './target-namespace-set.js'
import { targetNotAWaypoint } from './target-not-a-waypoint.js'
import { targetNotBound } from './target-not-bound.js'
import { targetNotFound } from './target-not-found.js'
import { tcpPortL7Rule } from './tcp-port-l7-rule.js'
import { trustDomainsIgnored } from './trust-domains-ignored.js'
import { unknownLabel } from './unknown-label.js'
import { unknownNamespace } from './unknown-namespace.js'
import { unknownServiceAccount } from './unknown-service-account.js'
import { unlabelledPod } from './unlabelled-pod.js'
import { unmatchableIpBlock } from './unmatchable-ip-block.js'
import { unmatchablePrincipal } from './unmatchable-principal.js'
import { waypointAttachmentDenied } from './waypoint-attachment-denied.js'
import { waypointBypass } from './waypoint-bypass.js'
import { waypointHidesSourceIp } from './waypoint-hides-source-ip.js'
import { waypointIdentityAdmitsAll } from './waypoint-identity-admits-all.js'
import { waypointIdentityDenied } from './waypoint-identity-denied.js'
import { waypointIdentityEscapesDeny } from './waypoint-identity-escapes-deny.js'
import { waypointListener } from './waypoint-listener.js'
import { waypointNotFound } from './waypoint-not-found.js'
import { waypointTrafficType } from './waypoint-traffic-type.js'
import { waypointUnused } from './waypoint-unused.js'
import { waypointWithoutAmbient } from './waypoint-without-ambient.js'
import { waypointWrongClass } from './waypoint-wrong-class.js'
import { workloadNotCaptured } from './workload-not-captured.js'

/** Every rule, sorted by name. */
export const ALL_RULES: readonly Rule[] = [
  actionNotEnforced,
  ambientAndSidecar,
  denyMissesPlaintext,
  denyPathVariants,
  deprecatedApiVersion,
  disableModeIsPermissive,
  dryRunNotEnforced,
  duplicateDefinition,
  duplicatePeerAuthentication,
  emptySelector,
  gatewayClassNotEnforced,
  gatewayClassOutsideRoot,
  headlessServiceTarget,
  hostNetworkNotCaptured,
  inboundCaptureBypassed,
  ingressBypassesWaypoint,
  invalidLabelValue,
  invalidResource,
  ipBlocksAtWaypoint,
  jwtRuleWithoutRequestAuthentication,
  l7AllowRuleDropped,
  l7DenyRuleNoEffect,
  l7DenyRuleWidened,
  l7ResourceWithoutWaypoint,
  misplacedLabel,
  mtlsPortNotServed,
  negationAdmitsPlaintext,
  networkPolicyBlocksHbone,
  networkPolicyBlocksProbes,
  networkPolicyBlocksWaypoint,
  networkPolicyPortNoEffect,
  plaintextClientRefused,
  portDisableIgnored,
  portNotServed,
  principalOutsideMesh,
  remoteIpFromHeader,
  rootDenyAllMissesWaypoints,
  rootSelectorIgnored,
  ruleIdle,
  selectorAndTargetRefs,
  selectorMatchesNothing,
  selectorMatchesWaypoint,
  serviceTargetOnWorkloadWaypoint,
  strictPortNotEnforced,
  targetKindNotSupported,
  targetNamespaceSet,
  targetNotAWaypoint,
  targetNotBound,
  targetNotFound,
  tcpPortL7Rule,
  trustDomainsIgnored,
  unknownLabel,
  unknownNamespace,
  unknownServiceAccount,
  unlabelledPod,
  unmatchableIpBlock,
  unmatchablePrincipal,
  waypointAttachmentDenied,
  waypointBypass,
  waypointHidesSourceIp,
  waypointIdentityAdmitsAll,
  waypointIdentityDenied,
  waypointIdentityEscapesDeny,
  waypointListener,
  waypointNotFound,
  waypointTrafficType,
  waypointUnused,
  waypointWithoutAmbient,
  waypointWrongClass,
  workloadNotCaptured,
]

/** The rules that speak of each type of object. */
export const RULES: ReadonlyMap<ResourceType, readonly Rule[]> = bySubject()

function bySubject(): Map<ResourceType, Rule[]> {
  const result = new Map<ResourceType, Rule[]>()
  for (const rule of ALL_RULES) {
    for (const type of rule.subjects) result.set(type, [...(result.get(type) ?? []), rule])
  }
  return result
}
