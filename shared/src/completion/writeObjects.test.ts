import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { choose, labelsAt } from '../testing/completionsAt.js'

/**
 * Writes a text as a person does who only accepts completions: each step is a completion, or `⏎` with the number of
 * characters of the indentation of the next line.
 */
function write(steps: readonly (string | number)[]): string {
  let text = ''
  for (const step of steps) {
    if (typeof step === 'number') text = `${text.trimEnd()}\n${' '.repeat(step)}`
    else text = choose(`${text}█`, step)
  }
  return `${text.trimEnd()}\n`
}

function expectValid(text: string, type: string): void {
  const facts = analyse(text).files.get('test.yaml')?.documents[0]?.facts
  expect(facts?.problems).toEqual([])
  expect(facts?.resources.map((resource) => [resource.type, resource.problems])).toEqual([
    [type, []],
  ])
}

it('a whole AuthorizationPolicy is written with completions alone', () => {
  const text = write([
    'apiVersion',
    'security.istio.io/v1',
    0,
    'kind',
    'AuthorizationPolicy',
    0,
    'metadata',
    'namespace',
    'shop',
    2,
    'name',
    'allow-to-api',
    0,
    'spec',
    'targetRefs',
    'kind',
    'Service',
    4,
    'group',
    '""',
    4,
    'name',
    'api',
    2,
    'action',
    'ALLOW',
    2,
    'rules',
    'from',
    'source',
    'serviceAccounts',
    'web',
    4,
    'to',
    'operation',
    'methods',
    'GET',
    8,
    'ports',
    '80',
    4,
    'when',
    'key',
    'source.namespace',
    6,
    'values',
    'shop',
  ])
  expect(text).toBe(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  namespace: shop
  name: allow-to-api
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: api
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - web
    to:
    - operation:
        methods:
        - GET
        ports:
        - "80"
    when:
    - key: source.namespace
      values:
      - shop
`)
  expectValid(text, 'AuthorizationPolicy')
})

it('a whole PeerAuthentication is written with completions alone', () => {
  const text = write([
    'kind',
    'PeerAuthentication',
    0,
    'apiVersion',
    'security.istio.io/v1',
    0,
    'metadata',
    'namespace',
    'shop',
    2,
    'name',
    'default',
    0,
    'spec',
    'selector',
    'matchLabels',
    'app',
    'api',
    2,
    'mtls',
    'mode',
    'STRICT',
    2,
    'portLevelMtls',
    '8080',
    'mode',
    'PERMISSIVE',
  ])
  expect(text).toBe(`kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata:
  namespace: shop
  name: default
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: PERMISSIVE
`)
  expectValid(text, 'PeerAuthentication')
})

it('a whole waypoint is written with completions alone', () => {
  const text = write([
    'apiVersion',
    'gateway.networking.k8s.io/v1',
    0,
    'kind',
    'Gateway',
    0,
    'metadata',
    'name',
    'waypoint',
    2,
    'namespace',
    'jobs',
    2,
    'labels',
    'istio.io/waypoint-for',
    'service',
    0,
    'spec',
    'gatewayClassName',
    'istio-waypoint',
    2,
    'listeners',
    'name',
    'mesh',
    4,
    'port',
    '15008',
    4,
    'protocol',
    'HBONE',
    4,
    'allowedRoutes',
    'namespaces',
    'from',
    'Same',
  ])
  expect(text).toBe(`apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: jobs
  labels:
    istio.io/waypoint-for: service
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
    allowedRoutes:
      namespaces:
        from: Same
`)
  expectValid(text, 'Gateway')
})

it('kinds and API versions fit each other', () => {
  expect(labelsAt('apiVersion: security.istio.io/v1\nkind: █')).toEqual([
    'AuthorizationPolicy',
    'PeerAuthentication',
    'RequestAuthentication',
  ])
  expect(labelsAt('kind: Gateway\napiVersion: █')).toEqual(['gateway.networking.k8s.io/v1'])
  expect(labelsAt('kind: █')).toContain('AuthorizationPolicy')
  expect(labelsAt('kind: Depl█\nmetadata: {}\n')).toContain('Namespace')
  expect(labelsAt('kind: v1\nitems:\n- kind: █')).toEqual([])
  expect(labelsAt('kind: List\nitems:\n- kind: █')).toContain('PeerAuthentication')
  expect(labelsAt('name: CI\nkind: █')).toEqual([])
  expect(labelsAt('metadata: {}\n█')).toEqual(['apiVersion', 'kind', 'spec'])
})

it('hosts of the target come before the others', () => {
  const text = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: api}]
  rules:
  - to:
    - operation:
        hosts: [█]
`
  expect(labelsAt(text).slice(0, 3)).toEqual(['api', 'api.shop', 'api.shop.svc.cluster.local'])
})
