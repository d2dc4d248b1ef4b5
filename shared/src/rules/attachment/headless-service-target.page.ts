import type { RuleDocs } from '../rule.js'
import { allowGetAt, SHOP, TARGETS_API } from '../support/examples.js'

const headless = (mark = ''): string =>
  SHOP.replace(
    'spec:\n  selector:\n    app: api\n  ports:',
    `spec:\n  clusterIP: None${mark}\n  selector:\n    app: api\n  ports:`,
  )

const TARGETS_WAYPOINT =
  '    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: waypoint\n'

export const headlessServiceTargetPage: RuleDocs = {
  summary: 'Traffic to a headless Service bypasses its waypoint: the clients connect to the pods.',
  why: 'A headless Service (`clusterIP: None`) has no address. DNS returns the addresses of the pods, and a connection to a pod address is not traffic to the Service: it bypasses the waypoint of the Service, and policies that target the Service never apply to it. The policies are not enforced, although their status has `WaypointAccepted: True`.',
  bad: `${headless(' # ← no address')}---\n${allowGetAt(TARGETS_API.replace('api\n', 'api # ← not enforced\n'))}`,
  good: `${headless().replace('waypoint-for: service', 'waypoint-for: all')}---\n${allowGetAt(TARGETS_WAYPOINT)}`,
  fix: 'Use a waypoint for the pods: set `istio.io/waypoint-for: all` (or `workload`) on the waypoint, and `istio.io/use-waypoint` on the namespace or in the pod template. The policies must then target the Gateway. Or give the clients a Service with an address.',
  references: [
    'istio/istio pilot/pkg/xds/listener_waypoint.go:589-641',
    'istio/ztunnel src/proxy/outbound.rs:718-749',
  ],
}
