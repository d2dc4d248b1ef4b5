import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { requestChoices } from './choices.js'

const MESH = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [httpbin.org], ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  rules:
  - from: [{source: {requestPrincipals: [iss/sub]}}]
    to: [{operation: {methods: [POST, GET], paths: [/b], notPaths: [/a], hosts: [api]}}]
    when:
    - {key: "request.headers[x-env]", values: [prod], notValues: [dev]}
    - {key: "request.auth.claims[role]", values: [admin]}
`

const MORE = `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: shop}
spec: {serviceAccount: web}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {serviceAccountName: web}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: dev}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: dev}
spec: {ports: []}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: nginx, namespace: shop}
spec: {gatewayClassName: nginx, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: door, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: q, namespace: shop}
spec:
  rules:
  - {}
  - from: [{source: {notRequestPrincipals: [iss/other]}}, {source: {namespaces: [a]}}]
    to: [{operation: {notMethods: [PUT], notHosts: [web]}}, {operation: {ports: ["80"]}}]
    when:
    - {key: "request.headers[x-env]", values: [stage, dev]}
    - {key: "request.headers[a]", notValues: [b]}
    - {key: "request.auth.claims[aaa]", notValues: [c]}
    - {key: "request.auth.claims[c][d]", values: [c]}
`

it('the choices of several objects are joined and sorted', () => {
  const choices = analyse(`${MESH}---${MORE}`, { world: 'closed' }).mesh.get(requestChoices, '')
  expect(
    choices.sources.map(
      ({ namespace, serviceAccount, runs }) => `${namespace}/${serviceAccount}: ${runs.join(', ')}`,
    ),
  ).toEqual([
    'dev/default: Pod dev/a',
    'shop/api: Deployment shop/api',
    'shop/door-istio: Gateway shop/door',
    'shop/waypoint: Gateway shop/waypoint',
    'shop/web: Pod shop/web, WorkloadEntry shop/vm',
  ])
  expect(
    choices.destinations.map(
      ({ kind, name, ports }) => `${kind} ${name} ${ports.map(({ port }) => port).join()}`,
    ),
  ).toEqual([
    'service dev/web ',
    'service shop/api 80',
    'workload dev/a ',
    'workload shop/api 8080',
    'workload shop/vm ',
    'workload shop/web ',
    'host httpbin.org 443',
  ])
  expect({ ...choices, sources: [], destinations: [] }).toEqual({
    sources: [],
    destinations: [],
    methods: ['GET', 'POST', 'PUT'],
    paths: ['/a', '/b'],
    hosts: ['api', 'web'],
    requestPrincipals: ['iss/other', 'iss/sub'],
    headers: [
      { name: 'a', values: ['b'] },
      { name: 'x-env', values: ['dev', 'prod', 'stage'] },
    ],
    claims: [
      { name: 'aaa', values: ['c'] },
      { name: 'role', values: ['admin'] },
    ],
  })
})

it('the choices are the clients, destinations and values of the mesh', () => {
  expect(analyse(MESH, { world: 'closed' }).mesh.get(requestChoices, '')).toEqual({
    sources: [
      { namespace: 'shop', serviceAccount: 'api', runs: ['Deployment shop/api'] },
      { namespace: 'shop', serviceAccount: 'waypoint', runs: ['Gateway shop/waypoint'] },
      { namespace: 'shop', serviceAccount: 'web', runs: [] },
    ],
    destinations: [
      { kind: 'service', name: 'shop/api', ports: [{ port: 80, name: 'http' }] },
      { kind: 'workload', name: 'shop/api', ports: [{ port: 8080, name: undefined }] },
      { kind: 'host', name: 'httpbin.org', ports: [{ port: 443, name: 'tls' }] },
    ],
    methods: ['GET', 'POST'],
    paths: ['/a', '/b'],
    hosts: ['api'],
    headers: [{ name: 'x-env', values: ['dev', 'prod'] }],
    requestPrincipals: ['iss/sub'],
    claims: [{ name: 'role', values: ['admin'] }],
  })
})
