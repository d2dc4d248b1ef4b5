import { describe, expect, it } from 'vitest'
import { completionsAt, labelsAt, POLICY } from '../testing/completionsAt.js'

const source = (text: string): string =>
  `${POLICY}  rules:\n  - from:\n    - source:\n        ${text}\n`

const PORTS = '  rules:\n  - to:\n    - operation:\n        ports: ["█"]'

describe('completion in an AuthorizationPolicy', () => {
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
  ])('a source with %j offers the names of the mesh', (text, expected) => {
    expect(labelsAt(source(text))).toEqual(expected)
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
    [`  selector: {matchLabels: {app: api}}\n${PORTS}`, ['8080', '9090']],
    [`  targetRefs: [{kind: Service, group: "", name: api}]\n${PORTS}`, ['80']],
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
  ])('the spec %j offers the values that fit its place', (text, expected) => {
    expect(labelsAt(POLICY + text)).toEqual(expected)
  })
})

it('completion offers the keys that are not in the map yet, with the layer of each', () => {
  expect(labelsAt(`${POLICY}  action: ALLOW\n  █\n  rules: []`)).toEqual([
    'selector',
    'targetRefs',
    'provider',
  ])
  expect(labelsAt(`${POLICY}  rules:\n  - from: []\n    █`)).toEqual(['to', 'when'])
  const fields = completionsAt(`${POLICY}  rules:\n  - to:\n    - operation:\n        po█`)
  expect(fields.map(({ label, detail }) => `${label}: ${detail}`).slice(0, 3)).toEqual([
    'hosts: L7 · waypoint only',
    'notHosts: L7 · waypoint only',
    'ports: L4 · ztunnel and waypoint',
  ])
  expect(fields.find(({ label }) => label === 'ports')?.documentation).toContain(
    '**container port**',
  )
})
