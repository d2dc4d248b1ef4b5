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
    'Clients bypass the waypoint of a ServiceEntry, because DNS gives them no address of the ServiceEntry.',
  why: `A client resolves the host and connects to an address. Its ztunnel sends the connection to the waypoint only if this address belongs to the ServiceEntry: it is in \`addresses\`, or istiod allocates it and the DNS of ztunnel returns it. Otherwise the client connects to the public address, and the connection bypasses the waypoint and all its policies.

If the ServiceEntry has no \`addresses\`, clients get no address of the ServiceEntry in these cases:

- It has \`resolution: NONE\`.
- It has the label \`networking.istio.io/enable-autoallocate-ip: "false"\`.
- The host is a wildcard, and \`resolution\` is not \`DYNAMIC_DNS\`.
- The flag \`PILOT_ENABLE_IP_AUTOALLOCATE\` of istiod is off.
- DNS capture is off (\`cni.ambient.dnsCapture: false\`).

The level is *error* if a policy restricts access at the waypoint, and *warning* otherwise.`,
  bad: `${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps', '  resolution: NONE # ← clients get no address of the ServiceEntry\n')}${allowGetSite('apps')}${crawler('apps')}`,
  good: `${ambient('apps')}${exitWaypoint('apps', 'Same')}${siteEntry('apps')}${crawler('apps')}`,
  fix: 'Remove the cause: use `resolution: DNS`, remove the label, or turn the flag or DNS capture on. If the addresses of the host are fixed, you can also write them in `addresses`.',
  references: [
    'istio/istio pilot/pkg/networking/serviceentry/ip_autoallocation.go:78-101',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:588-601',
    'istio/ztunnel src/dns/server.rs:352-370',
    'https://github.com/istio/istio/issues/54896',
  ],
}
