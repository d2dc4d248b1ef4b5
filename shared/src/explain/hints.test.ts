import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { hintsFor } from './hints.js'

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
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: nowhere}}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: web}, {port: 81, targetPort: 8081}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: web}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api, istio.io/use-waypoint: waypoint}}
    spec: {containers: [{ports: [{name: web, containerPort: 8080}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: by-selector, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules:
  - from: [{source: {namespaces: [a]}}]
  - to: [{operation: {methods: [GET]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: shop}
spec:
  action: DENY
  rules:
  - {from: [{source: {namespaces: [a]}}], to: [{operation: {ports: ["80"], methods: [GET]}}]}
  - when: [{key: "request.headers[x]", values: [z]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: by-target, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: cart}]
  rules: [{to: [{operation: {ports: ["80", "9"]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: unbound, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules: [{}]
`

/** Position, path and text of every hint of an object. */
function hints(name: string): string[] {
  const { mesh, files } = analyse(MESH)
  const resource = [...files.values()]
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .find((candidate) => `${candidate.type} ${candidate.name}` === name)
  return hintsFor(mesh, resource!).map(
    ({ path, at, text }) => `${at} ${path.slice(1).join('.')}: ${text}`,
  )
}

it('the hint of a rule names the proxy that enforces it', () => {
  expect(hints('AuthorizationPolicy by-selector')).toEqual([
    'line rules.0: ztunnel',
    'line rules.1: dropped by ztunnel',
  ])
  expect(hints('AuthorizationPolicy deny')).toEqual([
    'line rules.0: ztunnel, without methods',
    'line rules.1: ztunnel, never matches',
  ])
  expect(hints('AuthorizationPolicy by-target')).toEqual([
    'line rules.0: waypoint',
    'value rules.0.to.0.operation.ports.0: → 8080',
  ])
  expect(hints('AuthorizationPolicy unbound')).toEqual(['line rules.0: not enforced'])
})

it('hints show the waypoint of a label and the container port of a name', () => {
  expect(hints('Namespace shop')).toEqual(['value labels.istio.io/use-waypoint: → shop/waypoint'])
  expect(hints('Service api')).toEqual([
    'value labels.istio.io/use-waypoint: → no Gateway shop/nowhere',
    'value ports.0.targetPort: → 8080',
  ])
  expect(hints('Deployment api')).toEqual([
    'value template.metadata.labels.istio.io/use-waypoint: → shop/waypoint, not used',
  ])
})
