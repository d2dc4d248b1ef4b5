import type { RuleDocs } from '../rule.js'
import { SHOP, WEB_SERVICE, withServiceLabel } from '../support/examples.js'

export const waypointNotFoundPage: RuleDocs = {
  summary: 'An `istio.io/use-waypoint` label names a Gateway that does not exist.',
  why: "istiod looks for exactly this Gateway. Without it the object has no waypoint (status `WaypointIsNotReady`). Its traffic then goes directly to the pods, and no L7 policy is enforced. A label on a Service or a pod overrides the label of its namespace, so the namespace's waypoint is not used instead.",
  bad: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypont # ← does not exist')}---\n${WEB_SERVICE}`,
  good: `${withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')}---\n${WEB_SERVICE}`,
  fix: 'Correct the name of the Gateway, add its namespace with `istio.io/use-waypoint-namespace`, or create the waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'istio/istio tests/integration/ambient/baseline_test.go:546',
  ],
}
