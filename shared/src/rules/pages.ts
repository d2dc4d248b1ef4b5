import { actionNotEnforcedPage } from './action-not-enforced.page.js'
import { ambientAndSidecarPage } from './ambient-and-sidecar.page.js'
import { denyMissesPlaintextPage } from './deny-misses-plaintext.page.js'
import { denyPathVariantsPage } from './deny-path-variants.page.js'
import { deprecatedApiVersionPage } from './deprecated-api-version.page.js'
import { disableModeIsPermissivePage } from './disable-mode-is-permissive.page.js'
import { HEREDOC_DEBRIS_PAGE, UNUSED_SUPPRESSION_PAGE, YAML_SYNTAX_PAGE } from './documentRules.page.js'
import { dryRunNotEnforcedPage } from './dry-run-not-enforced.page.js'
import { duplicateDefinitionPage } from './duplicate-definition.page.js'
import { duplicatePeerAuthenticationPage } from './duplicate-peer-authentication.page.js'
import { emptySelectorPage } from './empty-selector.page.js'
import { gatewayClassNotEnforcedPage } from './gateway-class-not-enforced.page.js'
import { gatewayClassOutsideRootPage } from './gateway-class-outside-root.page.js'
import { headlessServiceTargetPage } from './headless-service-target.page.js'
import { hostNetworkNotCapturedPage } from './host-network-not-captured.page.js'
import { inboundCaptureBypassedPage } from './inbound-capture-bypassed.page.js'
import { ingressBypassesWaypointPage } from './ingress-bypasses-waypoint.page.js'
import { invalidLabelValuePage } from './invalid-label-value.page.js'
import { invalidResourcePage } from './invalid-resource.page.js'
import { ipBlocksAtWaypointPage } from './ip-blocks-at-waypoint.page.js'
import { jwtRuleWithoutRequestAuthenticationPage } from './jwt-rule-without-request-authentication.page.js'
import { l7AllowRuleDroppedPage } from './l7-allow-rule-dropped.page.js'
import { l7DenyRuleNoEffectPage } from './l7-deny-rule-no-effect.page.js'
import { l7DenyRuleWidenedPage } from './l7-deny-rule-widened.page.js'
import { l7ResourceWithoutWaypointPage } from './l7-resource-without-waypoint.page.js'
import { misplacedLabelPage } from './misplaced-label.page.js'
import { mtlsPortNotServedPage } from './mtls-port-not-served.page.js'
import { negationAdmitsPlaintextPage } from './negation-admits-plaintext.page.js'
import { networkPolicyBlocksHbonePage } from './network-policy-blocks-hbone.page.js'
import { networkPolicyBlocksProbesPage } from './network-policy-blocks-probes.page.js'
import { networkPolicyBlocksWaypointPage } from './network-policy-blocks-waypoint.page.js'
import { networkPolicyPortNoEffectPage } from './network-policy-port-no-effect.page.js'
import { plaintextClientRefusedPage } from './plaintext-client-refused.page.js'
import { portDisableIgnoredPage } from './port-disable-ignored.page.js'
import { portNotServedPage } from './port-not-served.page.js'
import { principalOutsideMeshPage } from './principal-outside-mesh.page.js'
import { remoteIpFromHeaderPage } from './remote-ip-from-header.page.js'
import { rootDenyAllMissesWaypointsPage } from './root-deny-all-misses-waypoints.page.js'
import { rootSelectorIgnoredPage } from './root-selector-ignored.page.js'
import { ruleIdlePage } from './rule-idle.page.js'
import { selectorAndTargetRefsPage } from './selector-and-target-refs.page.js'
import { selectorMatchesNothingPage } from './selector-matches-nothing.page.js'
import { selectorMatchesWaypointPage } from './selector-matches-waypoint.page.js'
import { serviceTargetOnWorkloadWaypointPage } from './service-target-on-workload-waypoint.page.js'
import { strictPortNotEnforcedPage } from './strict-port-not-enforced.page.js'
import { targetKindNotSupportedPage } from './target-kind-not-supported.page.js'
import { targetNamespaceSetPage } from './target-namespace-set.page.js'
import { targetNotAWaypointPage } from './target-not-a-waypoint.page.js'
import { targetNotBoundPage } from './target-not-bound.page.js'
import { targetNotFoundPage } from './target-not-found.page.js'
import { tcpPortL7RulePage } from './tcp-port-l7-rule.page.js'
import { trustDomainsIgnoredPage } from './trust-domains-ignored.page.js'
import { unknownLabelPage } from './unknown-label.page.js'
import { unknownNamespacePage } from './unknown-namespace.page.js'
import { unknownServiceAccountPage } from './unknown-service-account.page.js'
import { unlabelledPodPage } from './unlabelled-pod.page.js'
import { unmatchableIpBlockPage } from './unmatchable-ip-block.page.js'
import { unmatchablePrincipalPage } from './unmatchable-principal.page.js'
import { waypointAttachmentDeniedPage } from './waypoint-attachment-denied.page.js'
import { waypointBypassPage } from './waypoint-bypass.page.js'
import { waypointHidesSourceIpPage } from './waypoint-hides-source-ip.page.js'
import { waypointIdentityAdmitsAllPage } from './waypoint-identity-admits-all.page.js'
import { waypointIdentityDeniedPage } from './waypoint-identity-denied.page.js'
import { waypointIdentityEscapesDenyPage } from './waypoint-identity-escapes-deny.page.js'
import { waypointListenerPage } from './waypoint-listener.page.js'
import { waypointNotFoundPage } from './waypoint-not-found.page.js'
import { waypointTrafficTypePage } from './waypoint-traffic-type.page.js'
import { waypointUnusedPage } from './waypoint-unused.page.js'
import { waypointWithoutAmbientPage } from './waypoint-without-ambient.page.js'
import { waypointWrongClassPage } from './waypoint-wrong-class.page.js'
import { workloadNotCapturedPage } from './workload-not-captured.page.js'
import type { DocumentRule, RuleDocs } from './rule.js'

/** The page of every rule, by its name. No rule knows its page, and no page a rule: they are loaded when somebody asks for one. */
export const RULE_PAGES: Readonly<Record<string, RuleDocs>> = {
  'action-not-enforced': actionNotEnforcedPage,
  'ambient-and-sidecar': ambientAndSidecarPage,
  'deny-misses-plaintext': denyMissesPlaintextPage,
  'deny-path-variants': denyPathVariantsPage,
  'deprecated-api-version': deprecatedApiVersionPage,
  'disable-mode-is-permissive': disableModeIsPermissivePage,
  'dry-run-not-enforced': dryRunNotEnforcedPage,
  'duplicate-definition': duplicateDefinitionPage,
  'duplicate-peer-authentication': duplicatePeerAuthenticationPage,
  'empty-selector': emptySelectorPage,
  'gateway-class-not-enforced': gatewayClassNotEnforcedPage,
  'gateway-class-outside-root': gatewayClassOutsideRootPage,
  'headless-service-target': headlessServiceTargetPage,
  'heredoc-debris': HEREDOC_DEBRIS_PAGE,
  'host-network-not-captured': hostNetworkNotCapturedPage,
  'inbound-capture-bypassed': inboundCaptureBypassedPage,
  'ingress-bypasses-waypoint': ingressBypassesWaypointPage,
  'invalid-label-value': invalidLabelValuePage,
  'invalid-resource': invalidResourcePage,
  'ip-blocks-at-waypoint': ipBlocksAtWaypointPage,
  'jwt-rule-without-request-authentication': jwtRuleWithoutRequestAuthenticationPage,
  'l7-allow-rule-dropped': l7AllowRuleDroppedPage,
  'l7-deny-rule-no-effect': l7DenyRuleNoEffectPage,
  'l7-deny-rule-widened': l7DenyRuleWidenedPage,
  'l7-resource-without-waypoint': l7ResourceWithoutWaypointPage,
  'misplaced-label': misplacedLabelPage,
  'mtls-port-not-served': mtlsPortNotServedPage,
  'negation-admits-plaintext': negationAdmitsPlaintextPage,
  'network-policy-blocks-hbone': networkPolicyBlocksHbonePage,
  'network-policy-blocks-probes': networkPolicyBlocksProbesPage,
  'network-policy-blocks-waypoint': networkPolicyBlocksWaypointPage,
  'network-policy-port-no-effect': networkPolicyPortNoEffectPage,
  'plaintext-client-refused': plaintextClientRefusedPage,
  'port-disable-ignored': portDisableIgnoredPage,
  'port-not-served': portNotServedPage,
  'principal-outside-mesh': principalOutsideMeshPage,
  'remote-ip-from-header': remoteIpFromHeaderPage,
  'root-deny-all-misses-waypoints': rootDenyAllMissesWaypointsPage,
  'root-selector-ignored': rootSelectorIgnoredPage,
  'rule-idle': ruleIdlePage,
  'selector-and-target-refs': selectorAndTargetRefsPage,
  'selector-matches-nothing': selectorMatchesNothingPage,
  'selector-matches-waypoint': selectorMatchesWaypointPage,
  'service-target-on-workload-waypoint': serviceTargetOnWorkloadWaypointPage,
  'strict-port-not-enforced': strictPortNotEnforcedPage,
  'target-kind-not-supported': targetKindNotSupportedPage,
  'target-namespace-set': targetNamespaceSetPage,
  'target-not-a-waypoint': targetNotAWaypointPage,
  'target-not-bound': targetNotBoundPage,
  'target-not-found': targetNotFoundPage,
  'tcp-port-l7-rule': tcpPortL7RulePage,
  'trust-domains-ignored': trustDomainsIgnoredPage,
  'unknown-label': unknownLabelPage,
  'unknown-namespace': unknownNamespacePage,
  'unknown-service-account': unknownServiceAccountPage,
  'unlabelled-pod': unlabelledPodPage,
  'unmatchable-ip-block': unmatchableIpBlockPage,
  'unmatchable-principal': unmatchablePrincipalPage,
  'unused-suppression': UNUSED_SUPPRESSION_PAGE,
  'waypoint-attachment-denied': waypointAttachmentDeniedPage,
  'waypoint-bypass': waypointBypassPage,
  'waypoint-hides-source-ip': waypointHidesSourceIpPage,
  'waypoint-identity-admits-all': waypointIdentityAdmitsAllPage,
  'waypoint-identity-denied': waypointIdentityDeniedPage,
  'waypoint-identity-escapes-deny': waypointIdentityEscapesDenyPage,
  'waypoint-listener': waypointListenerPage,
  'waypoint-not-found': waypointNotFoundPage,
  'waypoint-traffic-type': waypointTrafficTypePage,
  'waypoint-unused': waypointUnusedPage,
  'waypoint-without-ambient': waypointWithoutAmbientPage,
  'waypoint-wrong-class': waypointWrongClassPage,
  'workload-not-captured': workloadNotCapturedPage,
  'yaml-syntax': YAML_SYNTAX_PAGE,
}

/** The page of a rule. */
export function docsOf({ name }: Pick<DocumentRule, 'name'>): RuleDocs {
  const docs = RULE_PAGES[name]
  if (!docs) throw new Error(`The rule ${name} has no page.`)
  return docs
}
