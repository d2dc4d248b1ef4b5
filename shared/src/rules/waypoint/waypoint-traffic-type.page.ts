import type { RuleDocs } from '../rule.js'
import { SHOP, withServiceLabel } from '../support/examples.js'

export const waypointTrafficTypePage: RuleDocs = {
  summary: 'A waypoint does not serve the traffic of the object that uses it.',
  why: `The label \`istio.io/waypoint-for\` of a waypoint selects the traffic that it serves: traffic to Services (\`service\`, the default), to the addresses of workloads (\`workload\`), both (\`all\`) or neither (\`none\`).

A Service with a waypoint for workloads, or a pod with a waypoint for Services, is not bound (status \`UnsupportedTrafficType\`). Its traffic then goes directly to the pods, and no L7 policy is enforced.`,
  bad: withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint').replace(
    'waypoint-for: service',
    'waypoint-for: workload # ← does not serve Services',
  ),
  good: withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint').replace(
    'waypoint-for: service',
    'waypoint-for: all',
  ),
  fix: 'Change `istio.io/waypoint-for` of the waypoint, or use another waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:152-207',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:375-389',
  ],
}
