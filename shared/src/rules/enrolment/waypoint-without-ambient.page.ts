import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const OTHER_NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels:\n    istio.io/dataplane-mode: ambient\n'

export const waypointWithoutAmbientPage: RuleDocs = {
  summary: 'A waypoint is chosen for pods that are not in ambient mode.',
  why: `It is ztunnel that sends traffic through waypoints, and ztunnel at the destination that can demand it. Pods that are not captured have none in their path: as clients they pass no waypoint, and as servers they take whatever is sent to them directly. Only what ambient clients elsewhere send to the Service passes its waypoint.`,
  bad: `${SHOP.replace('    istio.io/dataplane-mode: ambient\n', '')}---\n${OTHER_NAMESPACE}`,
  good: `${SHOP}---\n${OTHER_NAMESPACE}`,
  fix: 'Label the namespace `istio.io/dataplane-mode: ambient`, or take the waypoint away.',
  references: [
    'istio/ztunnel src/proxy/outbound.rs:589-783',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
  ],
}
