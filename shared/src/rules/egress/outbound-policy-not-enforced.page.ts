import type { RuleDocs } from '../rule.js'
import { ambient, crawler, install } from '../support/egressExamples.js'

export const outboundPolicyNotEnforcedPage: RuleDocs = {
  summary:
    'REGISTRY_ONLY does not limit the external hosts that workloads in ambient mode can reach.',
  why: '`outboundTrafficPolicy.mode: REGISTRY_ONLY` is a setting of sidecars and gateways. ztunnel has no such setting: it forwards connections to unknown addresses unchanged. So workloads in ambient mode can reach every external host. The level is *warning* if no namespace of the files has sidecars, and *information* otherwise.',
  bad: `${install('  meshConfig:\n    outboundTrafficPolicy:\n      mode: REGISTRY_ONLY # ← ztunnel does not enforce it\n')}${ambient('apps')}${crawler('apps')}`,
  good: `${install('')}${ambient('apps')}${crawler('apps')}`,
  fix: 'Send the traffic to known hosts through an egress waypoint, and deny other outgoing traffic with a NetworkPolicy.',
  references: [
    'https://github.com/istio/istio/issues/54281',
    'istio/ztunnel src/proxy/outbound.rs:660-683',
  ],
}
