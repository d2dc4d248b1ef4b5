import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const OTHER_NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels:\n    istio.io/dataplane-mode: ambient\n'

export const waypointWithoutAmbientPage: RuleDocs = {
  summary: 'Traffic can bypass a waypoint whose pods are not in ambient mode.',
  why: `Only ztunnel sends traffic through waypoints, and only ztunnel at the destination can require the waypoint. Pods that are not captured have no ztunnel: as clients they bypass waypoints, and as servers they accept direct connections.

Only traffic from ambient clients in other namespaces uses the waypoint of the Service.`,
  bad: `${SHOP.replace('    istio.io/dataplane-mode: ambient\n', '').replace('use-waypoint: waypoint', 'use-waypoint: waypoint # ← can be bypassed')}---\n${OTHER_NAMESPACE}`,
  good: `${SHOP}---\n${OTHER_NAMESPACE}`,
  fix: 'Label the namespace `istio.io/dataplane-mode: ambient`, or remove the label `istio.io/use-waypoint`.',
  references: [
    'istio/ztunnel src/proxy/outbound.rs:589-783',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
  ],
}
