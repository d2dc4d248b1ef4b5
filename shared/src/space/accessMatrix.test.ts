import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { RequestHttp, RequestSource } from '../access/request.js'
import { manifests, toFiles } from '../testing/generatedMesh.js'
import { analyse } from '../testing/index.js'
import { accessMatrix } from './accessMatrix.js'
import { allDestinations } from './destinations.js'
import { findAccess } from './findAccess.js'
import { runs } from '../testing/runs.js'

const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {serviceAccountName: ${name}, containers: [{name: a, image: a, ports: [{containerPort: 80}]}]}
---
`
const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
${['api', 'cart', 'web', 'job'].map(pod).join('')}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{from: [{source: {serviceAccounts: [shop/web]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: DENY
  rules: [{from: [{source: {serviceAccounts: [shop/job], ipBlocks: [10.0.0.0/8]}}]}]
`
const closedMesh = (text: string) => analyse(text, { world: 'closed' }).mesh

it('clients that all destinations treat alike are one row', () => {
  const mesh = closedMesh(MESH)
  const { rows } = accessMatrix(mesh, [
    { workload: 'shop/api', port: 80 },
    { workload: 'shop/cart', port: 80 },
  ])
  expect(rows.map(({ clients, cells }) => [clients, cells])).toEqual([
    [
      ['shop/api', 'shop/cart', 'any other account in ambient mode', 'clients outside the mesh'],
      ['deny', 'allow'],
    ],
    [['shop/job'], ['deny', 'partly']],
    [['shop/web'], ['allow', 'allow']],
  ])
})

it('a verdict that depends on the request has the number of its kinds, and its clients are treated alike', () => {
  const mesh = closedMesh(`${MESH}---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}
spec: {selector: {app: api}, ports: [{port: 80, appProtocol: http}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: api-by-method, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: api}]
  rules:
  - from: [{source: {serviceAccounts: [shop/web]}}]
    to: [{operation: {methods: [GET]}}]
  - from: [{source: {serviceAccounts: [shop/job]}}]
    to: [{operation: {methods: [POST]}}]
  - from: [{source: {serviceAccounts: [shop/cart]}}]
    to: [{operation: {methods: [POST]}}, {operation: {paths: [/public]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: api-from-waypoint, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{from: [{source: {serviceAccounts: [shop/waypoint]}}]}]
`)
  const { rows } = accessMatrix(mesh, [{ service: 'shop/api', port: 80 }])
  expect(rows.map(({ clients, cells, kinds }) => [clients[0], cells[0], kinds[0]])).toEqual([
    ['shop/api', 'deny', 1],
    // POST, /public with another method, and all others.
    ['shop/cart', 'partly', 3],
    ['shop/job', 'partly', 2],
    ['shop/web', 'partly', 2],
  ])
})

it('a destination that the files do not have is unknown', () => {
  const { rows } = accessMatrix(closedMesh(MESH), [{ workload: 'shop/none', port: 80 }])
  expect(rows.map(({ cells }) => cells)).toEqual([['unknown']])
})

const VERDICTS = ['allow', 'undecided', 'deny'] as const
const HTTP: readonly RequestHttp[] = [
  { method: 'GET', path: '/' },
  { method: 'DELETE', path: '/admin' },
  { method: 'POST', path: '/api', headers: { 'x-env': 'prod' } },
]

it('every request of a client has the verdict of its cell: generated meshes', () => {
  fc.assert(
    fc.property(manifests, (objects) => {
      const { mesh } = analyse(toFiles(objects), { world: 'closed' })
      const { targets, rows } = accessMatrix(mesh, [...mesh.get(allDestinations, '').values()])
      const wrong = rows.flatMap(({ clients, cells }) =>
        clients.flatMap((client) =>
          targets.flatMap((to, index) =>
            HTTP.filter((http) => {
              const { verdict } = evaluateRequest(mesh, { from: sourceOf(client), to, http })
              return ![verdict, 'partly', 'unknown'].includes(cells[index] ?? '')
            }).map((http) => JSON.stringify([client, to, http, cells[index]])),
          ),
        ),
      )
      expect(wrong).toEqual([])
    }),
    { numRuns: runs(30) },
  )
})

it('a cell has as many kinds as its requests have rows: generated meshes', () => {
  fc.assert(
    fc.property(manifests, (objects) => {
      const { mesh } = analyse(toFiles(objects), { world: 'closed' })
      const { targets, rows } = accessMatrix(mesh, [...mesh.get(allDestinations, '').values()])
      const wrong = rows.flatMap(({ from: { namespace, serviceAccount }, cells, kinds }) =>
        targets.flatMap((to, index) => {
          if (cells[index] !== 'partly') return []
          const from =
            namespace === undefined || serviceAccount === undefined
              ? ('outside' as const)
              : { account: { namespace, serviceAccount } }
          const { found } = findAccess(mesh, [to], { from }, { verdicts: VERDICTS })
          const own = found.filter(({ box }) => box.witness.from.trustDomain === undefined)
          return own.length === kinds[index] ? [] : [JSON.stringify([from, to, own.length, kinds])]
        }),
      )
      expect(wrong).toEqual([])
    }),
    { numRuns: runs(30) },
  )
})

function sourceOf(client: string): RequestSource {
  if (client === 'clients outside the mesh') return { ip: '203.0.113.7' }
  const [namespace = '', serviceAccount] = client.split('/')
  return serviceAccount === undefined
    ? { namespace: 'nowhere', serviceAccount: 'probe', ip: '203.0.113.7' }
    : { namespace, serviceAccount, ip: '203.0.113.7' }
}
