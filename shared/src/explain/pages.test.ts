import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { pageOf } from '../testing/pageOf.js'
import { explainObject } from './explainObject.js'
import { explanationToMarkdown } from './toMarkdown.js'
import { explanationToText } from './toText.js'

it('the page of a PeerAuthentication with a DISABLE that istiod ignores', () => {
  expect(pageOf('PeerAuthentication api', explanationToMarkdown)).toBe(`
**PeerAuthentication shop/api**

workload level · mode inherited · 1 workload

**Effect**

- For the workloads with the labels of its selector, the mode is inherited from the workload, namespace or mesh level, else PERMISSIVE.
- Container port 8080: DISABLE.
- In ambient mode DISABLE acts as PERMISSIVE: plaintext is accepted, and clients in the mesh still use mTLS (HBONE).
- At Deployment shop/api the effect differs from the configuration: plaintext is rejected although it is permitted (see the ports).

| Workload | Port | mTLS | Why |
| --- | --- | --- | --- |
| shop/api | other ports | STRICT | istio-system/default sets STRICT |
| shop/api | 8080 | STRICT | portLevelMtls of shop/api sets DISABLE, but istiod ignores a port-level DISABLE under an inherited STRICT; PERMISSIVE works |
`)
})

it('the page of a Service', () => {
  expect(pageOf('Service api', explanationToMarkdown)).toBe(`
**Service shop/api**

2 policies · mTLS STRICT (mesh)

- **Enrolment** — ambient (Namespace "shop" has istio.io/dataplane-mode: ambient)
- **Waypoint** — shop/waypoint (istio.io/use-waypoint of namespace "shop" names shop/waypoint)
- **mTLS** — STRICT (mesh): istio-system/default sets STRICT
- **mTLS on port 8080** — STRICT (port): portLevelMtls of shop/api sets DISABLE, but istiod ignores a port-level DISABLE under an inherited STRICT; PERMISSIVE works
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

it('the page of a waypoint', () => {
  expect(pageOf('Gateway waypoint', explanationToMarkdown)).toBe(`
**Gateway shop/waypoint**

1 service · 1 policy

- **Services** — shop/api
- Ztunnels behind it see cluster.local/ns/shop/sa/waypoint instead of the client.
- Serves traffic to Services.
- Can be used from its own namespace.
- Policies without targetRefs are not enforced here.

| Policy | Action | Enforced by | Sees | Why |
| --- | --- | --- | --- | --- |
| shop/l7 | ALLOW | waypoint shop/waypoint | client | for Service shop/api |
`)
})

it('the page of a service account, with its workloads and policies', () => {
  expect(pageOf('ServiceAccount web', explanationToMarkdown)).toBe(`
**ServiceAccount shop/web**

used by no workload in the workspace · used in 2 policies

- **Principal** — cluster.local/ns/shop/sa/web

**Used in**

- shop/l4 (ALLOW): principals
- shop/l7 (ALLOW): serviceAccounts
`)
})

it('the pages in a terminal are never wider than 100 columns', () => {
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
  - mTLS: STRICT (mesh): istio-system/default sets STRICT
  - Workloads: Deployment api

  Policy                            Action  Enforced by             Sees    Why
  shop/l4                           ALLOW   destination ztunnel     –       selects workloads
  shop/l7                           ALLOW   waypoint shop/waypoint  client  targets Service shop/api
  PeerAuthentication shop/api       UNSET   destination ztunnel     –       selects workloads
  PeerAuthentication                STRICT  destination ztunnel     –       covers the mesh
  istio-system/default
`)
})

it('a kind without policies has no page', () => {
  const { mesh } = analyse(
    `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: shop}
spec: {hosts: [api]}
`,
  )
  expect(explainObject(mesh, mesh.all('VirtualService')[0]!)).toBeUndefined()
})
