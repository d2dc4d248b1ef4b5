import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

export const waypointUnusedPage: RuleDocs = {
  summary: 'Nothing uses a waypoint.',
  why: 'A waypoint serves what names it: a Namespace, a Service, a ServiceEntry or a pod with the label `istio.io/use-waypoint`. Without one, no traffic passes it and no policy that targets it is enforced. This is said only where the files show all that may use the waypoint.',
  bad: SHOP.replace('    istio.io/use-waypoint: waypoint\n', ''),
  good: SHOP,
  fix: 'Label the namespace, or a Service, with `istio.io/use-waypoint`; or delete the waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
  ],
}
