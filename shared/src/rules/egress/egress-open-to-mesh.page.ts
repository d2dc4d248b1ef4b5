import type { RuleDocs } from '../rule.js'
import { ambient, crawler, exitWaypoint, install, siteEntry } from '../support/egressExamples.js'

export const egressOpenToMeshPage: RuleDocs = {
  summary:
    'Every workload of the mesh can use an egress waypoint, because no policy limits its clients.',
  why: 'Every workload of the mesh can resolve the host of a ServiceEntry. Its connection goes through the waypoint of the ServiceEntry, and the waypoint allows it if no AuthorizationPolicy applies. `allowedRoutes` of the waypoint limits which ServiceEntries can use the waypoint, not which clients can call them. Labels on the clients do not limit access either.',
  bad: `${ambient('apps')}${exitWaypoint('apps', 'Same').replace('  name: exit\n', '  name: exit # ← open to all namespaces\n')}${siteEntry('apps')}${ambient('other')}${crawler('other')}`,
  good: `${install('  meshConfig:\n    serviceEntryVisibility:\n      defaultVisibility: NAMESPACE\n')}${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps')}${crawler('apps')}`,
  fix: 'Add an AuthorizationPolicy that targets the ServiceEntry or the waypoint and allows only the clients that need the host. Since 1.31, `meshConfig.serviceEntryVisibility` with `NAMESPACE` hides the ServiceEntry from other namespaces, as in the good example. Their connections to the host then bypass the waypoint.',
  references: [
    'https://github.com/istio/istio/issues/57661',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-207',
  ],
}
