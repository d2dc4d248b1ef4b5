import type { RuleDocs } from '../rule.js'
import { allowGetAt, COMPANION, SHOP, TARGETS_API } from '../support/examples.js'

export const serviceTargetOnWorkloadWaypointPage: RuleDocs = {
  summary:
    'A policy targets a Service whose waypoint serves workloads only, so nothing enforces it.',
  why: "A waypoint with `istio.io/waypoint-for: workload` takes traffic to pods' own addresses. Services are not bound to it, and a policy that targets a Service never applies to workload traffic. So neither the waypoint nor ztunnel enforces the policy: the status says `AncestorNotBound`, and the traffic flows as if there were no policy.",
  bad: `${SHOP.replace('waypoint-for: service', 'waypoint-for: workload')}---
${allowGetAt(TARGETS_API)}`,
  good: `${SHOP.replace('waypoint-for: service', 'waypoint-for: all')}---
${allowGetAt(TARGETS_API)}---
${COMPANION}`,
  fix: 'Let the waypoint serve Services too (`istio.io/waypoint-for: all`), or target the Gateway: then the policy holds for the traffic that the waypoint serves.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:152-186',
    'istio/istio pilot/pkg/xds/listener_waypoint.go:613-641',
  ],
}
