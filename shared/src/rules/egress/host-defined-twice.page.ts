import type { RuleDocs } from '../rule.js'
import { ambient, exitWaypoint, siteEntry } from '../support/egressExamples.js'

export const hostDefinedTwicePage: RuleDocs = {
  summary:
    'Two namespaces define the same host, and the definitions lead to different waypoints or policies.',
  why: 'ServiceEntries of several namespaces can define the same host. ztunnel uses the ServiceEntry of the namespace of the client. So if only one of two ServiceEntries has a waypoint, the clients in the namespace of the other one bypass this waypoint and its policies. For a client in a third namespace, ztunnel uses the oldest ServiceEntry, and the files do not show which one is the oldest.',
  bad: `${ambient('north')}${exitWaypoint('north')}${siteEntry('north').replace('    - site.example.com', '    - site.example.com # ← defined in namespace south too, without a waypoint')}${ambient('south')}${siteEntry('south', undefined, '')}`,
  good: `${ambient('north')}${exitWaypoint('north')}${siteEntry('north')}${ambient('south')}${siteEntry('south', undefined, '    istio.io/use-waypoint: exit\n    istio.io/use-waypoint-namespace: north\n')}`,
  fix: 'Define the host once, or bind both definitions to one waypoint. If each namespace needs its own definition, set `meshConfig.serviceEntryVisibility` to `NAMESPACE` (since 1.31).',
  references: [
    'istio/ztunnel src/state/service.rs:877',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:108-148',
    'https://github.com/istio/istio/issues/60148',
  ],
}
