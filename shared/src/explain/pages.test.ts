import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { explainObject } from './explainObject.js'
import { explanationToMarkdown } from './toMarkdown.js'
import { explanationToText } from './toText.js'

const SHOP = `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      serviceAccountName: api
      containers: [{name: api, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: l4, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules:
  - from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
    to: [{operation: {ports: ["8080"]}}]
  - to: [{operation: {methods: [GET]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: l7, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
    to: [{operation: {ports: ["80"], methods: [GET], paths: ["/a*"]}}]
    when: [{key: "request.headers[x]", values: ["<b>|\`_x_"]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  portLevelMtls: {8080: {mode: DISABLE}}
`

function pageOf(id: string, render: typeof explanationToMarkdown, yaml = SHOP): string {
  const { mesh, files } = analyse(yaml)
  const resources = [...files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  const explanation = explainObject(
    mesh,
    resources.find(({ type, name }) => `${type} ${name}` === id)!,
  )
  return `\n${render(explanation!)}`
}

it('shows a layer-4 policy whose clients come through a waypoint', () => {
  expect(pageOf('AuthorizationPolicy l4', explanationToMarkdown)).toBe(`
**AuthorizationPolicy shop/l4**

enforced by destination ztunnel · identity: waypoint shop/waypoint · 1 workload

| | Attachment | Scope | Waypoint | Enforced by | Source identity |
| --- | --- | --- | --- | --- | --- |
| | selector | Pod | no | destination ztunnel | client |
| **►** | **selector** | **Pod** | **yes** | **destination ztunnel** | **waypoint** |
| | none | Namespace | no | destination ztunnel | client |
| | none | Namespace | yes | destination ztunnel | waypoint |
| | targetRefs | Service | yes | waypoint | client |
| | targetRefs | Gateway | yes | waypoint | client |

- **Deployment shop/api** — destination ztunnel sees cluster.local/ns/shop/sa/waypoint (behind waypoint shop/waypoint)

**Effect**

- Allows connections from service account shop/web to Deployment shop/api on port 8080.
- Everything else is denied.
- Through waypoint shop/waypoint ztunnel sees cluster.local/ns/shop/sa/waypoint, not the client: this policy does not admit it.
- Traffic past the waypoint (pod addresses, sidecars, ingress gateways) still shows the client.

**Rules at ztunnel**

- **rules\\[1\\] dropped** — ztunnel sees connections only and drops the whole rule because of methods

**Predicted status**

- **ZtunnelAccepted** — True, UnsupportedValue: ztunnel does not support HTTP attributes (found: methods). In ambient mode you must use a waypoint proxy to enforce HTTP rules. Within an ALLOW policy, rules matching HTTP attributes are omitted. This will be more restrictive than requested.
`)
})

it('shows a policy at a waypoint, and no value of it as markup', () => {
  expect(pageOf('AuthorizationPolicy l7', explanationToMarkdown)).toBe(`
**AuthorizationPolicy shop/l7**

enforced by waypoint shop/waypoint · identity: client · service shop/api

| | Attachment | Scope | Waypoint | Enforced by | Source identity |
| --- | --- | --- | --- | --- | --- |
| | selector | Pod | no | destination ztunnel | client |
| | selector | Pod | yes | destination ztunnel | waypoint |
| | none | Namespace | no | destination ztunnel | client |
| | none | Namespace | yes | destination ztunnel | waypoint |
| **►** | **targetRefs** | **Service** | **yes** | **waypoint** | **client** |
| | targetRefs | Gateway | yes | waypoint | client |

- **Service shop/api** — waypoint shop/waypoint sees the client

**Effect**

- Allows requests from service account shop/web to Service shop/api on port 80 with method GET and path /a\\* when request.headers\\[x\\] is "&lt;b&gt;\\|\\\`\\_x\\_".
- Everything else is denied, unless another ALLOW policy at the same place admits it.
- Traffic that does not pass the waypoint (pod addresses, sidecars, clients outside the mesh) is not judged by it.

**Predicted status**

- **WaypointAccepted** — True, Accepted: bound to shop/waypoint
`)
})

it('shows a PeerAuthentication whose DISABLE istiod misses', () => {
  expect(pageOf('PeerAuthentication api', explanationToMarkdown)).toBe(`
**PeerAuthentication shop/api**

workload level · mode inherited · 1 workload

**Effect**

- For the workloads that it selects, it sets no mode of its own and inherits one: workload, namespace, mesh, else PERMISSIVE.
- Ports of the containers, port 8080: DISABLE.
- In ambient mode DISABLE does not switch mTLS off: it permits plaintext, as PERMISSIVE does, and clients of the mesh keep using HBONE.
- At Deployment shop/api istiod does not do what is written: plaintext is refused where it is meant to pass (see the ports).

| Workload | Port | mTLS | Why |
| --- | --- | --- | --- |
| shop/api | all others | STRICT | istio-system/default says STRICT |
| shop/api | 8080 | STRICT | portLevelMtls of shop/api says DISABLE, but istiod misses DISABLE on a port under an inherited STRICT; PERMISSIVE would be honoured |
`)
})

it('shows a Service', () => {
  expect(pageOf('Service api', explanationToMarkdown)).toBe(`
**Service shop/api**

2 policies · mTLS STRICT (mesh)

- **Enrolment** — ambient (Namespace "shop" has istio.io/dataplane-mode: ambient)
- **Waypoint** — shop/waypoint (istio.io/use-waypoint of namespace "shop" names shop/waypoint)
- **mTLS** — STRICT (mesh): istio-system/default says STRICT
- **mTLS on port 8080** — STRICT (port): portLevelMtls of shop/api says DISABLE, but istiod misses DISABLE on a port under an inherited STRICT; PERMISSIVE would be honoured
- **Workloads** — Deployment shop/api
- Port 80 is container port 8080: ztunnel and PeerAuthentication see 8080, a waypoint sees 80.

| Policy | Action | Enforced by | Sees | Why |
| --- | --- | --- | --- | --- |
| shop/l7 | ALLOW | waypoint shop/waypoint | client | targets it |
| shop/l4 | ALLOW | destination ztunnel | cluster.local/ns/shop/sa/waypoint | selects it |
| PeerAuthentication shop/api | UNSET | destination ztunnel | – | workload level |
| PeerAuthentication istio-system/default | STRICT | destination ztunnel | – | mesh level |

**Predicted status**

- **istio.io/WaypointBound** — True, WaypointAccepted: Successfully attached to waypoint shop/waypoint
`)
})

it('shows a waypoint', () => {
  expect(pageOf('Gateway waypoint', explanationToMarkdown)).toBe(`
**Gateway shop/waypoint**

1 service · 1 policy

- **Services** — shop/api
- Ztunnels behind it see cluster.local/ns/shop/sa/waypoint instead of the client.
- Serves traffic to Services.
- May be used from its own namespace.
- Policies without targetRefs are not enforced here.

| Policy | Action | Enforced by | Sees | Why |
| --- | --- | --- | --- | --- |
| shop/l7 | ALLOW | waypoint shop/waypoint | client | for Service shop/api |
`)
})

it('shows a service account: who runs as it and who names it', () => {
  expect(pageOf('ServiceAccount web', explanationToMarkdown)).toBe(`
**ServiceAccount shop/web**

used by nothing in the workspace · named by 2 policies

- **Principal** — cluster.local/ns/shop/sa/web

**Named by**

- shop/l4 (ALLOW): principals
- shop/l7 (ALLOW): serviceAccounts
`)
})

it('shows a policy that stands alone: both ways are possible', () => {
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
enforced by destination ztunnel · identity: unknown (client or waypoint) · no workload in the
workspace

  Attachment  Scope      Waypoint  Enforced by          Source identity
? selector    Pod        no        destination ztunnel  client
? selector    Pod        yes       destination ztunnel  waypoint
  none        Namespace  no        destination ztunnel  client
  none        Namespace  yes       destination ztunnel  waypoint
  targetRefs  Service    yes       waypoint             client
  targetRefs  Gateway    yes       waypoint             client

Effect
  - No rule admits anything at ztunnel: every connection to the workloads it covers is denied.

Rules at ztunnel
  - rules[0] dropped: ztunnel sees connections only and drops the whole rule because of methods

Predicted status
  - ZtunnelAccepted: True, UnsupportedValue: ztunnel does not support HTTP attributes (found:
    methods). In ambient mode you must use a waypoint proxy to enforce HTTP rules. Within an ALLOW
    policy, rules matching HTTP attributes are omitted. This will be more restrictive than
    requested.

Assumed
  - the namespace it is applied to is ambient

Unknown
  - workloads unknown: none with the labels of its selector in the workspace
  - waypoint unknown: no namespace is given
`)
})

it('shows a workload and its Namespace in a terminal, never wider than 100 columns', () => {
  for (const id of [
    'Deployment api',
    'Namespace shop',
    'Service api',
    'PeerAuthentication api',
    'AuthorizationPolicy l4',
  ]) {
    const lines = pageOf(id, explanationToText).split('\n')
    expect(Math.max(...lines.map((line) => line.length)), id).toBeLessThanOrEqual(100)
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
  }
  expect(pageOf('Namespace shop', explanationToText)).toBe(`
Namespace shop
ambient · 1 workload · 2 policies · mTLS STRICT (mesh)

  - Enrolment: ambient (Namespace "shop" has istio.io/dataplane-mode: ambient)
  - Waypoint: shop/waypoint (istio.io/use-waypoint of namespace "shop" names shop/waypoint)
  - mTLS: STRICT (mesh): istio-system/default says STRICT
  - Workloads: Deployment api

  Policy                            Action  Enforced by             Sees    Why
  shop/l4                           ALLOW   destination ztunnel     –       selects workloads
  shop/l7                           ALLOW   waypoint shop/waypoint  client  targets Service shop/api
  PeerAuthentication shop/api       UNSET   destination ztunnel     –       selects workloads
  PeerAuthentication                STRICT  destination ztunnel     –       covers the mesh
  istio-system/default
`)
})

it('has nothing to say of kinds that no policy is about', () => {
  const { mesh } = analyse(
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: shop}\nspec: {hosts: [api]}\n',
  )
  expect(explainObject(mesh, mesh.all('VirtualService')[0]!)).toBeUndefined()
})
