import { describe, expect, it } from 'vitest'
import { readCursor } from '../testing/cursor.js'
import { analyse } from '../testing/index.js'
import { complete } from './complete.js'
import type { Completion } from './completion.js'
import { withoutStops } from './snippets.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ingress, namespace: shop}
spec: {gatewayClassName: istio}
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
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [httpbin.org]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api, version: "1"}}, spec: {serviceAccountName: api, containers: [{ports: [{name: web, containerPort: 8080}, {containerPort: 9090}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: batch, namespace: jobs}
spec: {template: {metadata: {labels: {app: batch}}, spec: {containers: [{}]}}}
`
const { mesh } = analyse(MESH)
const POLICY =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n'

function itemsAt(marked: string): readonly Completion[] {
  const { text, offset } = readCursor(marked)
  return complete(mesh, { text, offset, defaultNamespace: '?' })?.items ?? []
}

const labels = (marked: string): string[] => itemsAt(marked).map(({ label }) => label)

/** The text after choosing a completion. */
function choose(marked: string, label: string): string {
  const { text, offset } = readCursor(marked)
  const found = complete(mesh, { text, offset, defaultNamespace: '?' })
  const item = found?.items.find((candidate) => candidate.label === label)
  if (!found || !item)
    throw new Error(
      `There is no ${label}, but ${found?.items.map((candidate) => candidate.label).join(', ') ?? 'nothing'}.`,
    )
  return (
    text.slice(0, found.span.start) +
    (item.snippet ? withoutStops(item.text) : item.text) +
    text.slice(found.span.end)
  )
}

const source = (text: string): string =>
  `${POLICY}  rules:\n  - from:\n    - source:\n        ${text}\n`

describe('values of the mesh', () => {
  it.each([
    [
      'principals: [█]',
      [
        'cluster.local/ns/jobs/sa/default',
        'cluster.local/ns/shop/sa/api',
        'cluster.local/ns/shop/sa/ingress-istio',
        'cluster.local/ns/shop/sa/waypoint',
        'cluster.local/ns/shop/sa/web',
      ],
    ],
    [
      'notPrincipals:\n        - clus█',
      [
        'cluster.local/ns/jobs/sa/default',
        'cluster.local/ns/shop/sa/api',
        'cluster.local/ns/shop/sa/ingress-istio',
        'cluster.local/ns/shop/sa/waypoint',
        'cluster.local/ns/shop/sa/web',
      ],
    ],
    ['serviceAccounts: [web, "█"]', ['api', 'ingress-istio', 'waypoint', 'web', 'jobs/default']],
    ['namespaces:\n        - █', ['jobs', 'shop']],
    ['namespaces:\n          █', ['jobs', 'shop']],
  ])('of %j', (text, expected) => {
    expect(labels(source(text))).toEqual(expected)
  })

  it.each([
    ['  selector:\n    matchLabels:\n      █', ['app', 'version']],
    ['  selector:\n    matchLabels:\n      app: █', ['api']],
    ['  selector: {matchLabels: {app: api, █', ['version']],
    ['  targetRefs:\n  - kind: █', ['Service', 'ServiceEntry', 'Gateway', 'GatewayClass']],
    ['  targetRefs:\n  - kind: Service\n    name: █', ['api']],
    ['  targetRefs:\n  - name: █\n    kind: Gateway', ['waypoint', 'ingress']],
    ['  targetRefs:\n  - kind: GatewayClass\n    name: █', ['istio-waypoint']],
    ['  targetRefs: [{kind: ServiceEntry, group: █', ['networking.istio.io']],
    [
      '  targetRefs:\n  - █',
      [
        'group',
        'kind',
        'name',
        'Service api',
        'ServiceEntry out',
        'Gateway waypoint',
        'Gateway ingress',
        'GatewayClass istio-waypoint',
      ],
    ],
    ['  action: █', ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']],
    [
      '  selector: {matchLabels: {app: api}}\n  rules:\n  - to:\n    - operation:\n        ports: ["█"]',
      ['8080', '9090'],
    ],
    [
      '  targetRefs: [{kind: Service, group: "", name: api}]\n  rules:\n  - to:\n    - operation:\n        ports: ["█"]',
      ['80'],
    ],
    ['  rules:\n  - when:\n    - key: source.namespace\n      values: [█]', ['jobs', 'shop']],
    [
      '  rules:\n  - when: [{key: source.█',
      [
        'source.ip',
        'source.namespace',
        'source.principal',
        'source.serviceAccount',
        'source.trustDomain',
        'remote.ip',
        'destination.ip',
        'destination.port',
        'connection.sni',
        'request.headers[x-name]',
        'request.auth.principal',
        'request.auth.audiences',
        'request.auth.presenter',
        'request.auth.claims[name]',
      ],
    ],
  ])('in %j', (text, expected) => {
    expect(labels(POLICY + text)).toEqual(expected)
  })

  it.each([
    [
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/use-waypoint: █',
      ['waypoint', 'none'],
    ],
    [
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: jobs, labels: {istio.io/use-waypoint-namespace: shop, istio.io/use-waypoint: █}}',
      ['waypoint', 'none'],
    ],
    [
      'apiVersion: v1\nkind: Service\nmetadata:\n  namespace: jobs\n  labels:\n    istio.io/use-waypoint: █',
      ['none'],
    ],
    [
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    istio.io/dataplane-mode: █',
      ['ambient', 'none'],
    ],
    [
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    █',
      ['istio.io/dataplane-mode', 'istio.io/use-waypoint', 'istio.io/use-waypoint-namespace'],
    ],
    [
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  labels:\n    istio.io/waypoint-for: █',
      ['service', 'workload', 'all', 'none'],
    ],
    [
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nspec:\n  gatewayClassName: █',
      ['istio-waypoint', 'istio', 'istio-east-west', 'istio-remote'],
    ],
    [
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {namespace: shop}\nspec:\n  mtls:\n    mode: █',
      ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'],
    ],
    [
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {namespace: shop}\nspec:\n  selector: {matchLabels: {app: api}}\n  portLevelMtls:\n    █',
      ['8080', '9090'],
    ],
    [
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: shop}\nspec:\n  template:\n    spec:\n      serviceAccountName: █',
      ['api', 'ingress-istio', 'waypoint', 'web'],
    ],
    [
      'apiVersion: v1\nkind: Service\nmetadata: {namespace: shop}\nspec:\n  selector: {app: api}\n  ports:\n  - port: 80\n    targetPort: █',
      ['web', '8080', '9090'],
    ],
    [
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: security.istio.io/v1\n  kind: AuthorizationPolicy\n  spec:\n    action: █',
      ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'],
    ],
  ])('of labels and other objects: %j', (text, expected) => {
    expect(labels(text)).toEqual(expected)
  })
})

it('offers the keys that are not there yet, with the layer of each', () => {
  expect(labels(`${POLICY}  action: ALLOW\n  █\n  rules: []`)).toEqual([
    'selector',
    'targetRefs',
    'provider',
  ])
  expect(labels(`${POLICY}  rules:\n  - from: []\n    █`)).toEqual(['to', 'when'])
  const fields = itemsAt(`${POLICY}  rules:\n  - to:\n    - operation:\n        po█`)
  expect(fields.map(({ label, detail }) => `${label}: ${detail}`).slice(0, 3)).toEqual([
    'hosts: L7 · waypoint only',
    'notHosts: L7 · waypoint only',
    'ports: L4 · ztunnel and waypoint',
  ])
  expect(fields.find(({ label }) => label === 'ports')?.documentation).toContain(
    '**container port**',
  )
})

describe('writes what YAML reads as it is meant', () => {
  it.each([
    [
      '  rules:\n  - to:\n    - operation:\n        ports:\n        - █',
      '9090',
      '  rules:\n  - to:\n    - operation:\n        ports:\n        - "9090"',
    ],
    [
      '  rules:\n  - to:\n    - operation: {ports: ["80█"]}',
      '8080',
      '  rules:\n  - to:\n    - operation: {ports: ["8080"]}',
    ],
    [
      '  selector:\n    matchLabels:\n      version: █',
      '1',
      '  selector:\n    matchLabels:\n      version: "1"',
    ],
    [
      '  targetRefs:\n    - kind: Service\n      group: █',
      '""',
      '  targetRefs:\n    - kind: Service\n      group: ""',
    ],
    ['  targetRefs:\n  █', 'selector', '  targetRefs:\n  selector:\n    '],
    [
      '  targetRefs:\n  - █',
      'Service api',
      '  targetRefs:\n  - kind: Service\n    group: ""\n    name: api',
    ],
    [
      '  targetRefs:\n    █',
      'Service api',
      '  targetRefs:\n    - kind: Service\n      group: ""\n      name: api',
    ],
    [
      '  targetRefs: [█]',
      'Gateway waypoint',
      '  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}]',
    ],
    ['  rules:\n  - fr█', 'from', '  rules:\n  - from:\n    - '],
    ['  rules:\n    █', 'to', '  rules:\n    - to:\n      - '],
    ['  rules: [{█}]', 'from', '  rules: [{from: []}]'],
    ['  rules:\n  - fr█:', 'from', '  rules:\n  - from:'],
    [
      '  rules:\n  - when:\n    - {key: request█}',
      'request.headers[x-name]',
      '  rules:\n  - when:\n    - {key: "request.headers[x-name]"}',
    ],
  ])('%j → %s', (text, label, expected) => {
    expect(choose(POLICY + text, label)).toBe(POLICY + expected)
  })
})

describe('whole objects', () => {
  it('are offered in an empty document only', () => {
    expect(labels('█')).toHaveLength(6)
    expect(labels('# a comment\n---\nAuth█\n---\nkind: Pod\n')).toHaveLength(6)
    expect(labels('kind: Pod\n█')).toEqual([])
    expect(labels('  █')).toEqual([])
    expect(labels('- █')).toEqual([])
  })

  it('are valid, and free of what the rules find', () => {
    for (const { label, text } of itemsAt('█')) {
      const analysis = analyse(withoutStops(text))
      const facts = analysis.files.get('test.yaml')?.documents[0]?.facts
      expect([label, facts?.problems, facts?.resources.map(({ problems }) => problems)]).toEqual([
        label,
        [],
        [[]],
      ])
    }
  })
})

describe('keeps out of what is not ours', () => {
  it.each([
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  █',
    'apiVersion: v1\nkind: Service\nspec:\n  █',
    'apiVersion: example.org/v1\nkind: AuthorizationPolicy\nspec:\n  █',
    'name: █',
    'kind: █',
    'on:\n  push:\n    branches: [█]',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    █',
    `${POLICY}  rules:\n  - from: # █`,
    `${POLICY}  unknown:\n    █`,
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nspec:\n  gatewayClassName: █',
  ])('%j', (text) => {
    expect(labels(text)).toEqual([])
  })
})

it('says nothing wrong of any half of a text', () => {
  const text = `${POLICY}  targetRefs: [{kind: Service, name: "a"}]\n  rules:\n  - from:\n    - source: {principals: ["x"]}\n    when: [{key: a, values: [b]}]\n---\n{"kind": "Service", "items": [`
  for (let offset = 0; offset <= text.length; offset++) {
    complete(mesh, { text: text.slice(0, offset), offset, defaultNamespace: '?' })
    complete(mesh, { text, offset, defaultNamespace: 'shop' })
  }
  expect(complete(mesh, { text, offset: 0, defaultNamespace: '' })).toBeUndefined()
})
