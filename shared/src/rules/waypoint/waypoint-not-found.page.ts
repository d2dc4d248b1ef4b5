import type { RuleDocs } from '../rule.js'
import { SHOP, WEB_SERVICE, withServiceLabel } from '../support/examples.js'

export const waypointNotFoundPage: RuleDocs = {
  summary: 'An `istio.io/use-waypoint` label names a Gateway that does not exist.',
  why: `istiod looks up exactly this Gateway. Without it the object has no waypoint (status \`WaypointIsNotReady\`), and traffic fails open: it goes to the pods directly, under no policy of layer 7. A label on a Service or a pod also hides the label of its namespace; that one is no fallback.`,
  bad: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypont')}---\n${WEB_SERVICE}`,
  good: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')}---\n${WEB_SERVICE}`,
  fix: 'Name the Gateway as it is called, say its namespace with `istio.io/use-waypoint-namespace`, or create the waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'istio/istio tests/integration/ambient/baseline_test.go:546',
  ],
}
