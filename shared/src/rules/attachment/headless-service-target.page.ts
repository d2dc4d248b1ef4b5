import type { RuleDocs } from '../rule.js'
import { allowGetAt, SHOP, TARGETS_API } from '../support/examples.js'

const HEADLESS = SHOP.replace(
  'spec:\n  selector:\n    app: api\n  ports:',
  'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports:',
)

const TARGETS_WAYPOINT =
  '    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: waypoint\n'

export const headlessServiceTargetPage: RuleDocs = {
  summary:
    'A policy or a waypoint is meant for a headless Service, whose clients dial the pods and pass no waypoint of Services.',
  why: 'A headless Service (`clusterIP: None`) has no address of its own. DNS gives its clients the addresses of the pods, and what dials a pod is no traffic to a Service: the waypoint of the Service is not in its way, and policies that target the Service never apply to it. So they are enforced for nobody, though the status says `Accepted`.',
  bad: `${HEADLESS}---\n${allowGetAt(TARGETS_API)}`,
  good: `${HEADLESS.replace('waypoint-for: service', 'waypoint-for: all')}---\n${allowGetAt(TARGETS_WAYPOINT)}`,
  fix: 'Let a waypoint serve the pods: `istio.io/waypoint-for: all` (or `workload`) at the waypoint, `istio.io/use-waypoint` at the namespace or in the pod template. Policies then have to target the Gateway. Or give clients a Service with an address.',
  references: [
    'istio/istio pilot/pkg/xds/listener_waypoint.go:589-641',
    'istio/ztunnel src/proxy/outbound.rs:718-749',
  ],
}
