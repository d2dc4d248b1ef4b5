import { expect, it } from 'vitest'
import { pageOf } from '../testing/pageOf.js'
import { explanationToMarkdown } from './toMarkdown.js'
import { explanationToText } from './toText.js'

it('the page of a layer 4 policy whose clients use a waypoint', () => {
  expect(pageOf('AuthorizationPolicy l4', explanationToMarkdown)).toBe(`
**AuthorizationPolicy shop/l4**

enforced by destination ztunnel · sees waypoint shop/waypoint · 1 workload

**Effect**

- Allows connections from service account shop/web to Deployment shop/api on port 8080.
- Everything else is denied.
- Through waypoint shop/waypoint ztunnel sees cluster.local/ns/shop/sa/waypoint, not the client: this policy does not allow it.
- For traffic that bypasses the waypoint (pod addresses, sidecars, ingress gateways) ztunnel sees the client.

**Enforced**

- **Deployment shop/api** — destination ztunnel sees cluster.local/ns/shop/sa/waypoint (behind waypoint shop/waypoint)

**Rules at ztunnel**

- **rules\\[1\\] dropped** — ztunnel sees only connections: it drops the whole rule because of methods

**Predicted status**

- **ZtunnelAccepted** — True, UnsupportedValue: ztunnel does not support HTTP attributes (found: methods). In ambient mode you must use a waypoint proxy to enforce HTTP rules. Within an ALLOW policy, rules matching HTTP attributes are omitted. This will be more restrictive than requested.

| | Attachment | Scope | Waypoint | Enforced by | Source identity |
| --- | --- | --- | --- | --- | --- |
| | selector | Pod | no | destination ztunnel | client |
| **►** | **selector** | **Pod** | **yes** | **destination ztunnel** | **waypoint** |
| | none | Namespace | no | destination ztunnel | client |
| | none | Namespace | yes | destination ztunnel | waypoint |
| | targetRefs | Service | yes | waypoint | client |
| | targetRefs | Gateway | yes | waypoint | client |
`)
})

it('the page of a policy at a waypoint, with its values escaped', () => {
  expect(pageOf('AuthorizationPolicy l7', explanationToMarkdown)).toBe(`
**AuthorizationPolicy shop/l7**

enforced by waypoint shop/waypoint · sees client · Service shop/api

**Effect**

- Allows requests from service account shop/web to Service shop/api on port 80 with method GET and path /a\\* when request.headers\\[x\\] is "&lt;b&gt;\\|\\\`\\_x\\_".
- Everything else is denied, unless another ALLOW policy at the same place allows it.
- This policy does not check traffic that bypasses the waypoint (pod addresses, sidecars, clients outside the mesh).

**Enforced**

- **Service shop/api** — waypoint shop/waypoint sees the client

**Predicted status**

- **WaypointAccepted** — True, Accepted: bound to shop/waypoint

| | Attachment | Scope | Waypoint | Enforced by | Source identity |
| --- | --- | --- | --- | --- | --- |
| | selector | Pod | no | destination ztunnel | client |
| | selector | Pod | yes | destination ztunnel | waypoint |
| | none | Namespace | no | destination ztunnel | client |
| | none | Namespace | yes | destination ztunnel | waypoint |
| **►** | **targetRefs** | **Service** | **yes** | **waypoint** | **client** |
| | targetRefs | Gateway | yes | waypoint | client |
`)
})

it('the page of a policy without other files, with two possible rows', () => {
  const alone = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow-get}
spec:
  selector: {matchLabels: {app: httpbin}}
  rules:
  - from: [{source: {principals: [cluster.local/ns/ambient-demo/sa/curl]}}]
    to: [{operation: {methods: [GET]}}]
`
  expect(pageOf('AuthorizationPolicy allow-get', explanationToText, alone)).toBe(`
AuthorizationPolicy allow-get
enforced by destination ztunnel · sees client or waypoint (not known which) · no workload in the
workspace

Effect
  - No rule of this policy allows anything at ztunnel: every connection to the workloads it covers
    is denied.

Rules at ztunnel
  - rules[0] dropped: ztunnel sees only connections: it drops the whole rule because of methods

Predicted status
  - ZtunnelAccepted: True, UnsupportedValue: ztunnel does not support HTTP attributes (found:
    methods). In ambient mode you must use a waypoint proxy to enforce HTTP rules. Within an ALLOW
    policy, rules matching HTTP attributes are omitted. This will be more restrictive than
    requested.

Assumptions
  - the namespace it is applied to is ambient

Not known from these files
  - workloads unknown: none with the labels of its selector in the workspace
  - waypoint unknown: no namespace is given

  Attachment  Scope      Waypoint  Enforced by          Source identity
? selector    Pod        no        destination ztunnel  client
? selector    Pod        yes       destination ztunnel  waypoint
  none        Namespace  no        destination ztunnel  client
  none        Namespace  yes       destination ztunnel  waypoint
  targetRefs  Service    yes       waypoint             client
  targetRefs  Gateway    yes       waypoint             client
`)
})
