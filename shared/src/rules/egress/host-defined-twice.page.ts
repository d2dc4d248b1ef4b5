import type { RuleDocs } from '../rule.js'
import { ambient, exitWaypoint, siteEntry } from '../support/egressExamples.js'

export const hostDefinedTwicePage: RuleDocs = {
  summary:
    'Two namespaces define the same host, and the definitions lead to different waypoints or policies.',
  why: 'ServiceEntries of several namespaces can define one host. A client gets the definition of its own namespace. A client of a namespace without a definition gets the oldest one, and no file shows which that is. So the clients of the other namespace bypass the waypoint and its policies, even if the waypoint allows all namespaces.',
  bad: `${ambient('north')}${exitWaypoint('north')}${siteEntry('north').replace('    - site.example.com', '    - site.example.com # ←')}${ambient('south')}${siteEntry('south', undefined, '')}`,
  good: `${ambient('north')}${exitWaypoint('north')}${siteEntry('north')}${ambient('south')}${siteEntry('south', undefined, '    istio.io/use-waypoint: exit\n    istio.io/use-waypoint-namespace: north\n')}`,
  fix: 'Define the host once, or bind both definitions to one waypoint. If each namespace needs its own definition, set `meshConfig.serviceEntryVisibility` to `NAMESPACE` (since 1.31).',
  references: [
    'istio/ztunnel src/state/service.rs:877',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:108-148',
    'https://github.com/istio/istio/issues/60148',
  ],
}
