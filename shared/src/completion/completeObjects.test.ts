import { describe, expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { completionsAt, labelsAt, mesh, POLICY, startOf } from '../testing/completionsAt.js'
import { complete } from './complete.js'
import { withoutStops } from './snippets.js'

describe('completion in labels and other objects', () => {
  it.each([
    [
      startOf('v1', 'Namespace'),
      'metadata:\n  name: shop\n  labels:\n    istio.io/use-waypoint: █',
      ['waypoint', 'none'],
    ],
    [
      startOf('v1', 'Service'),
      'metadata: {namespace: jobs, labels: {istio.io/use-waypoint-namespace: shop, istio.io/use-waypoint: █}}',
      ['waypoint', 'none'],
    ],
    [
      startOf('v1', 'Service'),
      'metadata:\n  namespace: jobs\n  labels:\n    istio.io/use-waypoint: █',
      ['none'],
    ],
    [
      startOf('v1', 'Namespace'),
      'metadata:\n  labels:\n    istio.io/dataplane-mode: █',
      ['ambient', 'none'],
    ],
    [
      startOf('v1', 'Namespace'),
      'metadata:\n  labels:\n    █',
      ['istio.io/dataplane-mode', 'istio.io/use-waypoint', 'istio.io/use-waypoint-namespace'],
    ],
    [
      startOf('gateway.networking.k8s.io/v1', 'Gateway'),
      'metadata:\n  labels:\n    istio.io/waypoint-for: █',
      ['service', 'workload', 'all', 'none'],
    ],
    [
      startOf('gateway.networking.k8s.io/v1', 'Gateway'),
      'spec:\n  gatewayClassName: █',
      ['istio-waypoint', 'istio', 'istio-east-west', 'istio-remote'],
    ],
    [
      startOf('security.istio.io/v1', 'PeerAuthentication'),
      'metadata: {namespace: shop}\nspec:\n  mtls:\n    mode: █',
      ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'],
    ],
    [
      startOf('security.istio.io/v1', 'PeerAuthentication'),
      'metadata: {namespace: shop}\nspec:\n  selector: {matchLabels: {app: api}}\n  portLevelMtls:\n    █',
      ['8080', '9090'],
    ],
    [
      startOf('gateway.networking.k8s.io/v1', 'Gateway'),
      'spec:\n  listeners:\n  - allowedRoutes:\n      namespaces:\n        selector:\n          matchLabels:\n            kubernetes.io/metadata.name: █',
      ['jobs', 'shop'],
    ],
    [
      startOf('gateway.networking.k8s.io/v1', 'HTTPRoute'),
      'metadata: {namespace: shop}\nspec:\n  parentRefs:\n  - kind: █',
      ['Service', 'Gateway'],
    ],
    [
      startOf('gateway.networking.k8s.io/v1', 'HTTPRoute'),
      'metadata: {namespace: shop}\nspec:\n  parentRefs:\n  - kind: Gateway\n    name: █',
      ['waypoint', 'ingress'],
    ],
    [
      startOf('apps/v1', 'Deployment'),
      'metadata: {namespace: shop}\nspec:\n  template:\n    spec:\n      serviceAccountName: █',
      ['api', 'ingress-istio', 'waypoint', 'web'],
    ],
    [
      startOf('v1', 'Service'),
      'metadata: {namespace: shop}\nspec:\n  selector: {app: api}\n  ports:\n  - port: 80\n    targetPort: █',
      ['web', '8080', '9090'],
    ],
    [
      startOf('v1', 'List'),
      'items:\n- apiVersion: security.istio.io/v1\n  kind: AuthorizationPolicy\n  spec:\n    action: █',
      ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'],
    ],
  ])('%j with %j offers the values that fit its place', (start, rest, expected) => {
    expect(labelsAt(start + rest)).toEqual(expected)
  })
})

describe('completion of whole objects', () => {
  it('the stops of a whole object offer the names of the mesh', () => {
    const text = (wanted: string) =>
      completionsAt('█').find(({ label }) => label === wanted)?.text ?? ''
    expect(text('AuthorizationPolicy: allow at layer 4')).toContain(
      'namespace: ${2|jobs,shop|}\nspec:\n  selector:\n    matchLabels:\n      ${3:app}: ${4:batch}\n',
    )
    const onlyWaypoint = text('AuthorizationPolicy: only from the waypoint')
    expect(onlyWaypoint).toContain('- cluster.local/ns/${2}/sa/${5:waypoint}')
    expect(withoutStops(onlyWaypoint)).toContain('- cluster.local/ns/jobs/sa/waypoint')
    expect(text('AuthorizationPolicy: allow at layer 7')).toContain(
      '- ${4|cluster.local/ns/jobs/sa/default,cluster.local/ns/shop/sa/api,',
    )
  })

  it('whole objects are offered in an empty document only', () => {
    const wholeObjects = (marked: string) =>
      completionsAt(marked).filter(({ kind }) => kind === 'snippet')
    expect(wholeObjects('█')).toHaveLength(6)
    expect(labelsAt('█').slice(6)).toEqual(['apiVersion', 'kind'])
    expect(wholeObjects('# a comment\n---\nAuth█\n---\nkind: Pod\n')).toHaveLength(6)
    expect(labelsAt('kind: Pod\n█')).toEqual([])
    expect(labelsAt('apiVersion: apps/v1\n█')).toEqual([])
    expect(labelsAt('  █')).toEqual([])
    expect(labelsAt('- █')).toEqual([])
  })

  it('whole objects are valid', () => {
    for (const { kind, label, text } of completionsAt('█')) {
      if (kind !== 'snippet') continue
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

it.each([
  'apiVersion: v1\nkind: ConfigMap\ndata:\n  █',
  'apiVersion: v1\nkind: Service\nspec:\n  █',
  'apiVersion: example.org/v1\nkind: AuthorizationPolicy\nspec:\n  █',
  'name: █',
  'on:\n  push:\n    branches: [█]',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    █',
  `${POLICY}  rules:\n  - from: # █`,
  `${POLICY}  unknown:\n    █`,
  'apiVersion: networking.istio.io/v1\nkind: Gateway\nspec:\n  gatewayClassName: █',
])('completion offers nothing in %j', (text) => {
  expect(labelsAt(text)).toEqual([])
})

it('completion does not fail at any offset of an unfinished text', () => {
  const text = [
    `${POLICY}  targetRefs: [{kind: Service, name: "a"}]`,
    '  rules:',
    '  - from:',
    '    - source: {principals: ["x"]}',
    '    when: [{key: a, values: [b]}]',
    '---',
    '{"kind": "Service", "items": [',
  ].join('\n')
  for (let offset = 0; offset <= text.length; offset++) {
    complete(mesh, { text: text.slice(0, offset), offset, defaultNamespace: '?' })
    complete(mesh, { text, offset, defaultNamespace: 'shop' })
  }
  expect(complete(mesh, { text: '# a', offset: 2, defaultNamespace: '' })).toBeUndefined()
})
