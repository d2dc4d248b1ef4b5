import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { nearestMiss } from './nearestMiss.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}, {name: http-admin, port: 81, targetPort: 8081}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
    to: [{operation: {ports: ["80"], methods: [GET], paths: ["/items/*"]}}]
`
const { mesh } = analyse(MESH, { world: 'closed' })
const from = { namespace: 'shop', serviceAccount: 'web' }
const to = { service: 'shop/api', port: 80 }

it('names the one field that stands in the way', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'POST', path: '/items/1' } })).toEqual({ changes: [{ field: 'method', value: 'GET' }], verdict: 'allow' })
  expect(nearestMiss(mesh, { from: { namespace: 'shop', serviceAccount: 'cart' }, to, http: { method: 'GET', path: '/items/1' } })).toEqual({ changes: [{ field: 'from', value: 'shop/web' }], verdict: 'allow' })
  expect(nearestMiss(mesh, { from, to: { ...to, port: 81 }, http: { method: 'GET', path: '/items/1' } })).toEqual({ changes: [{ field: 'port', value: '80' }], verdict: 'allow' })
})

it('names two where one is not enough, and none where the policies offer nothing', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'POST', path: '/other' } })).toEqual({ changes: [{ field: 'method', value: 'GET' }, { field: 'path', value: '/items/x' }], verdict: 'allow' })
  expect(nearestMiss(mesh, { from: { namespace: 'x', serviceAccount: 'y' }, to, http: { method: 'POST', path: '/other' } })).toBeUndefined()
})

it('tells how an admitted request would be refused', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'GET', path: '/items/1' } })).toEqual({ changes: [{ field: 'port', value: '81' }], verdict: 'deny' })
})
