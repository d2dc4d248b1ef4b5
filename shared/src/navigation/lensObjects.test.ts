import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { lensObjects } from './lensObjects.js'

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
kind: ServiceAccount
metadata: {name: api, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: by-target, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: api}]
  rules: [{from: [{source: {serviceAccounts: [api]}}]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}
`
const { files, mesh } = analyse(MESH)
const resources = [...files.values()]
  .flatMap(({ documents }) => documents)
  .flatMap(({ facts }) => facts.resources)

it.each([
  ['AuthorizationPolicy by-target', ['Service api', 'Gateway waypoint']],
  ['PeerAuthentication strict', ['Deployment api']],
  [
    'Service api',
    ['AuthorizationPolicy by-target', 'PeerAuthentication strict', 'Gateway waypoint'],
  ],
  ['ServiceAccount api', ['Deployment api', 'AuthorizationPolicy by-target']],
  [
    'Namespace shop',
    ['AuthorizationPolicy by-target', 'PeerAuthentication strict', 'Gateway waypoint'],
  ],
])('the lens of %s is about %j', (name, expected) => {
  const resource = resources.find((candidate) => `${candidate.type} ${candidate.name}` === name)
  const found = lensObjects(mesh, resource!).map((object) => `${object.type} ${object.name}`)
  expect(found.sort()).toEqual([...expected].sort())
})
