import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

export const waypointUnusedPage: RuleDocs = {
  summary: 'No namespace, Service or pod uses this waypoint.',
  why: 'A waypoint serves only objects that select it with the label `istio.io/use-waypoint`: a Namespace, a Service, a ServiceEntry or a pod. Without one, the waypoint gets no traffic, and policies that target it are not enforced. This is reported only if the files show every object that can use the waypoint.',
  bad: SHOP.replace('    istio.io/use-waypoint: waypoint\n', '').replace(
    'name: waypoint\n',
    'name: waypoint # ← not used\n',
  ),
  good: SHOP,
  fix: 'Add the label `istio.io/use-waypoint` to the namespace or to a Service, or delete the waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
  ],
}
