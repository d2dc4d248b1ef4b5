import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import { lensesFor } from './lenses.js'

const WORKLOAD = (name: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api, version: ${name}}}
    spec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}
`
const MESH = `
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
${WORKLOAD('v1')}${WORKLOAD('v2')}${WORKLOAD('v3')}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: selecting, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{from: [{source: {serviceAccounts: [default]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: targeting, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules: [{}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
`

function lenses(yaml: string): Record<string, string[]> {
  const { mesh, files } = analyse(yaml)
  const resources = [...files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  return Object.fromEntries(
    resources.map((resource) => [
      `${resource.type} ${resource.name}`,
      lensesFor(mesh, resource).map(({ kind, title }) => `${kind}: ${title}`),
    ]),
  )
}

it('the lens of an object says who enforces it, which policies apply, or where it is used', () => {
  expect(lenses(MESH)).toEqual({
    'Namespace shop': [],
    'Gateway waypoint': ['policies: 1 service · 1 policy'],
    'Deployment v1': ['policies: 2 policies · mTLS STRICT (mesh)'],
    'Deployment v2': ['policies: 2 policies · mTLS STRICT (mesh)'],
    'Deployment v3': ['policies: 2 policies · mTLS STRICT (mesh)'],
    'Service api': ['policies: 2 policies · mTLS STRICT (mesh)'],
    'ServiceAccount default': ['references: used by 3 workloads · used in 1 policy'],
    'AuthorizationPolicy selecting': [
      'enforcement: ztunnel · sees waypoint shop/waypoint · 3 workloads',
    ],
    'AuthorizationPolicy targeting': [
      'enforcement: waypoint shop/waypoint · sees client · Service shop/api',
    ],
    'PeerAuthentication default': ['enforcement: mesh level · STRICT · 3 workloads'],
  })
})

it('the lens of a workload says that its enrolment is unknown', () => {
  const { mesh } = analyse(replaceIn(WORKLOAD('v1'), ['---\n', '']), {
    settings: { assumeAmbient: 'none' },
  })
  expect(lensesFor(mesh, mesh.all('Deployment')[0]!).map(({ title }) => title)).toEqual([
    '0 policies · enrolment unknown',
  ])
})

it('the lens of a Service says that mTLS is unknown if a template makes a PeerAuthentication', () => {
  const files = {
    'mesh.yaml': MESH,
    'chart/templates/peer.yaml':
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: {{ .Values.name }}\n',
  }
  const { mesh } = analyse(files)
  expect(lensesFor(mesh, mesh.all('Service')[0]!).map(({ title }) => title)).toEqual([
    '2 policies · mTLS unknown',
  ])
})
