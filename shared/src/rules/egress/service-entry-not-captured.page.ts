import type { RuleDocs } from '../rule.js'
import {
  allowGetSite,
  ambient,
  crawler,
  exitWaypoint,
  siteEntry,
} from '../support/egressExamples.js'

export const serviceEntryNotCapturedPage: RuleDocs = {
  summary:
    'ztunnel knows no address that clients get for a ServiceEntry, so they bypass its waypoint.',
  why: 'A client connects to an address, not to a name. Its ztunnel sends a connection to the waypoint only if the address is one of the ServiceEntry. ztunnel\'s DNS gives clients such an address if the ServiceEntry has `addresses`, or if istiod allocates one. istiod allocates none for `resolution: NONE`, for the label `networking.istio.io/enable-autoallocate-ip: "false"`, for a wildcard host without `resolution: DYNAMIC_DNS`, and with the flag `PILOT_ENABLE_IP_AUTOALLOCATE` off. Without DNS capture (`cni.ambient.dnsCapture: false`) no client gets the allocated address. The client then connects to the public address: the connection bypasses the waypoint and all its policies.',
  bad: `${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps', '  resolution: NONE # ← clients get no address of the entry\n')}${allowGetSite('apps')}${crawler('apps')}`,
  good: `${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps')}${crawler('apps')}`,
  fix: 'Use `resolution: DNS`, remove the label, or turn DNS capture on. `addresses` help too, if the host has these addresses.',
  references: [
    'istio/istio pilot/pkg/networking/serviceentry/ip_autoallocation.go:78-101',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:588-601',
    'istio/ztunnel src/dns/server.rs:352-370',
    'https://github.com/istio/istio/issues/54896',
  ],
}
