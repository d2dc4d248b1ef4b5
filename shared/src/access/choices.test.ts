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
spec: {template: {metadata: {labels: {app: api}}, spec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}}}
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
    when: [{key: "request.headers[x-env]", values: [prod], notValues: [dev]}, {key: "request.auth.claims[role]", values: [admin]}]
`

it('knows who can ask for what', () => {
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
