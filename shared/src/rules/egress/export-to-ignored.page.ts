import type { RuleDocs } from '../rule.js'
import { ambient, crawler, siteEntry } from '../support/egressExamples.js'

export const exportToIgnoredPage: RuleDocs = {
  summary: '`exportTo` does not limit the clients of a host in ambient mode.',
  why: 'In ambient mode, clients of every namespace can reach the host. `exportTo` of a ServiceEntry and the annotation `networking.istio.io/exportTo` of a Service apply only to sidecars: istiod ignores both when it configures ztunnel. This rule is not about `exportTo` of a VirtualService or a DestinationRule, because waypoints read it.',
  bad: `${ambient('apps')}${siteEntry('apps', '  exportTo: ["."] # ← ignored\n  resolution: DNS\n', '')}${ambient('other')}${crawler('other')}`,
  good: `${ambient('apps')}${siteEntry('apps', undefined, '')}${ambient('other')}${crawler('other')}`,
  fix: 'Limit the clients with an AuthorizationPolicy at an egress waypoint. Since 1.31, `meshConfig.serviceEntryVisibility` hides ServiceEntries from other namespaces.',
  references: [
    'https://github.com/istio/istio/issues/55163',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:488-640',
  ],
}
