import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import type { FieldPath } from '../yaml/node.js'
import { explainField } from './explainField.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop, labels: {istio.io/waypoint-for: service}}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop, labels: {istio.io/dataplane-mode: ambient}}
spec:
  template:
    metadata: {labels: {app: api, istio.io/dataplane-mode: none}}
    spec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: none}}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  mtls: {mode: STRICT}
  portLevelMtls: {8080: {mode: DISABLE}}
`
const POLICY = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  action: ACTION
  SPEC
  rules:
  - from: [{source: {principals: ["x"], notIpBlocks: ["10.0.0.0/8"]}}]
    to: [{operation: {methods: [GET], ports: ["8080"]}}]
    when: [{key: source.namespace, values: [a]}, {key: "KEY", values: ["<b>"]}]
`

function hover(
  type: string,
  name: string,
  path: FieldPath,
  {
    action = 'ALLOW',
    spec = 'selector: {matchLabels: {app: web}}',
    key = 'request.headers[x]',
  } = {},
): string | undefined {
  const { mesh, files } = analyse(
    MESH + replaceIn(POLICY, ['ACTION', action], ['SPEC', spec], ['KEY', key]),
  )
  const resources = [...files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  return explainField(
    mesh,
    resources.find((resource) => resource.type === type && resource.name === name)!,
    path,
  )
}

const METHODS: FieldPath = ['spec', 'rules', 0, 'to', 0, 'operation', 'methods']

it('the hover of an HTTP attribute says that ztunnel drops the ALLOW rule', () => {
  expect(hover('AuthorizationPolicy', 'p', METHODS))
    .toBe(`**methods** — layer 7 · waypoints match it, ztunnel cannot see it

**Here**: Enforced by destination ztunnel · sees waypoint shop/waypoint · 1 workload. ztunnel sees only connections: it drops the whole rule because of methods and request.headers\\[x\\].

The HTTP method.

- **Values**: exact, prefix \`abc*\`, suffix \`*abc\`, or \`*\` for any value; a \`*\` in the middle is literal
- **At ztunnel**: the whole ALLOW rule is dropped
`)
})

it('the hover of an HTTP attribute says that ztunnel ignores it in a DENY rule', () => {
  const text = hover('AuthorizationPolicy', 'p', METHODS, { action: 'DENY' })
  expect(text).toContain('- **At ztunnel**: ignored: the rule then matches more, or nothing')
  expect(text).toContain(
    'At ztunnel this DENY rule never matches: ztunnel ignores methods and request.headers\\[x\\]: ' +
      'a part of the rule is then empty, and an empty part matches nothing.',
  )
})

it('the hover of a value is the hover of its key', () => {
  expect(hover('AuthorizationPolicy', 'p', [...METHODS, 0])).toBe(
    hover('AuthorizationPolicy', 'p', METHODS),
  )
})

it('the hover of an attribute says what differs at a waypoint', () => {
  const spec = 'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: waypoint}]'
  const ports = hover(
    'AuthorizationPolicy',
    'p',
    ['spec', 'rules', 0, 'to', 0, 'operation', 'ports'],
    { spec },
  )
  expect(ports).toContain('**ports** — layer 4')
  expect(ports).toContain('- **At a waypoint**: it is the **Service port**')
  expect(ports).toContain(
    '**Here**: Enforced by waypoint shop/waypoint · sees client · Gateway shop/waypoint.',
  )
  const blocks = hover(
    'AuthorizationPolicy',
    'p',
    ['spec', 'rules', 0, 'from', 0, 'source', 'notIpBlocks'],
    { spec },
  )
  expect(blocks).toContain('Matches if none of the values matches.')
  expect(blocks).toContain('`notIpBlocks` always matches')
})

it('the hover of a condition explains its key, or says that Istio does not know it', () => {
  expect(hover('AuthorizationPolicy', 'p', ['spec', 'rules', 0, 'when', 0, 'key'])).toContain(
    '**source.namespace** — layer 4',
  )
  const key: FieldPath = ['spec', 'rules', 0, 'when', 1, 'key']
  expect(hover('AuthorizationPolicy', 'p', key)).toContain('**request.headers\\[x\\]** — layer 7')
  const typo = hover('AuthorizationPolicy', 'p', key, { key: 'request.header[x]' })
  expect(typo).toContain('**request.header\\[x\\]** — layer 7')
  expect(typo).toContain('Istio does not know this key')
  expect(typo).toContain('**Here**: Rejected by the API server: not in the cluster.')
})

it('the hover of a label says its effect on the object', () => {
  const label = 'istio.io/dataplane-mode'
  expect(hover('Namespace', 'shop', ['metadata', 'labels', label])).toContain(
    '**Here**: Ambient: Namespace "shop" has istio.io/dataplane-mode: ambient.\n',
  )
  expect(hover('Deployment', 'api', ['spec', 'template', 'metadata', 'labels', label])).toContain(
    '**Here**: Not in the mesh: the pod has istio.io/dataplane-mode: none.\n',
  )
  expect(hover('Deployment', 'api', ['metadata', 'labels', label])).toContain(
    '**Here**: Istio ignores this label on this object.\n',
  )
  expect(hover('Service', 'api', ['metadata', 'labels', 'istio.io/use-waypoint'])).toContain(
    '**Here**: No waypoint: its label istio.io/use-waypoint is "none".\n',
  )
  expect(hover('Namespace', 'shop', ['metadata', 'labels', 'istio.io/use-waypoint'])).toContain(
    '**Here**: Waypoint shop/waypoint: istio.io/use-waypoint of namespace "shop" names shop/waypoint.\n',
  )
  expect(hover('Gateway', 'waypoint', ['metadata', 'labels', 'istio.io/waypoint-for'])).toContain(
    '**Here**: This Gateway serves service traffic.\n',
  )
})

it('the hover of a mode says its effect on workloads and ports', () => {
  expect(hover('PeerAuthentication', 'web', ['spec', 'mtls', 'mode'])).toContain(
    '**Here**: Workload level · STRICT · 1 workload.\n',
  )
  expect(hover('PeerAuthentication', 'web', ['spec', 'portLevelMtls', '8080', 'mode'])).toContain(
    '**Here**: PERMISSIVE at shop/web: portLevelMtls of shop/web sets DISABLE.\n',
  )
})

it('other fields have no hover', () => {
  expect(hover('AuthorizationPolicy', 'p', ['spec', 'rules', 0, 'from'])).toBeUndefined()
  expect(hover('Deployment', 'api', ['metadata', 'labels', 'app'])).toBeUndefined()
  expect(hover('PeerAuthentication', 'web', ['metadata', 'name'])).toBeUndefined()
})
