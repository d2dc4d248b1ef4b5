import type { RuleDocs } from '../rule.js'
import { SHOP, withServiceLabel } from '../support/examples.js'

export const waypointTrafficTypePage: RuleDocs = {
  summary: 'An object names a waypoint that does not serve its kind of traffic.',
  why: `A waypoint serves what \`istio.io/waypoint-for\` says (\`service\` without it): traffic to Services, to workloads' own addresses, to both (\`all\`) or to neither (\`none\`). A Service that names a waypoint for workloads, or a pod that names one for Services, is not bound (status \`UnsupportedTrafficType\`), and its traffic goes to the pods directly.`,
  bad: withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint').replace(
    'waypoint-for: service',
    'waypoint-for: workload',
  ),
  good: withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint').replace(
    'waypoint-for: service',
    'waypoint-for: all',
  ),
  fix: 'Change `istio.io/waypoint-for` of the waypoint, or name another waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:152-207',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:375-389',
  ],
}
