import type { RuleDocs } from '../rule.js'
import { ambient, crawler, exitWaypoint, install, siteEntry } from '../support/egressExamples.js'

export const egressOpenToMeshPage: RuleDocs = {
  summary: 'No policy limits which clients may use an egress waypoint.',
  why: '`allowedRoutes` of a waypoint limits which ServiceEntries can use it, not which clients can call them. Labels on the clients limit nothing either. Every workload of the mesh can resolve the host of the ServiceEntry, and its connection goes through the waypoint, which allows it if no AuthorizationPolicy applies.',
  bad: `${ambient('apps')}${exitWaypoint('apps', 'Same').replace('  name: exit\n', '  name: exit # ← open to all namespaces\n')}${siteEntry('apps')}${ambient('other')}${crawler('other')}`,
  good: `${install('  meshConfig:\n    serviceEntryVisibility:\n      defaultVisibility: NAMESPACE\n')}${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps')}${crawler('apps')}`,
  fix: 'Add an AuthorizationPolicy that targets the ServiceEntry or the waypoint and allows only the clients that need the host. Since 1.31, `meshConfig.serviceEntryVisibility` with `NAMESPACE` hides the ServiceEntry from other namespaces; their connections to the host then bypass the waypoint.',
  references: [
    'https://github.com/istio/istio/issues/57661',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-207',
  ],
}
