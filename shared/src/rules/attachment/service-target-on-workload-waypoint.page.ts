import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

export const serviceTargetOnWorkloadWaypointPage: RuleDocs = {
  summary:
    'A policy targets a Service, but its waypoint serves only workloads: it is not enforced.',
  why: 'A waypoint with `istio.io/waypoint-for: workload` serves only traffic to pod addresses. Services are not bound to it, and a policy that targets a Service never applies to traffic to pod addresses. The status has `WaypointAccepted: False` with reason `AncestorNotBound`. Neither the waypoint nor ztunnel enforces the policy: the traffic is allowed as if it did not exist.',
  bad: `${SHOP.replace('waypoint-for: service', 'waypoint-for: workload # ← not for Services')}---
${allowGetAt(TARGETS_API)}`,
  good: `${SHOP.replace('waypoint-for: service', 'waypoint-for: all')}---
${allowGetAt(TARGETS_API)}---
${COMPANION}`,
  fix: 'Use the waypoint for Services too (`istio.io/waypoint-for: all`). Or target the Gateway: the policy then applies to all traffic of the waypoint.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:152-186',
    'istio/istio pilot/pkg/xds/listener_waypoint.go:613-641',
  ],
}
