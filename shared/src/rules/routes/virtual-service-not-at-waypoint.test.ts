import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { SHOP } from '../support/examples.js'
import { virtualServiceNotAtWaypointPage } from './virtual-service-not-at-waypoint.page.js'
import { virtualServiceNotAtWaypoint } from './virtual-service-not-at-waypoint.js'

const rule = virtualServiceNotAtWaypoint.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)

const UNREAD =
  "A waypoint reads VirtualServices of its own and of the Service's namespace only: this one has no effect in ambient."

it('virtual-service-not-at-waypoint reports the bad example of its page', () => {
  expect(found(virtualServiceNotAtWaypointPage.bad)).toEqual([UNREAD])
})

it('virtual-service-not-at-waypoint reports nothing for the good example of its page', () => {
  expect(found(virtualServiceNotAtWaypointPage.good)).toEqual([])
})

it('moves an object that names everything with its namespace', () => {
  expectFixed(
    virtualServiceNotAtWaypointPage.bad,
    { rule, title: 'Move it to namespace "shop"' },
    replaceIn(virtualServiceNotAtWaypointPage.good, [
      '- api.shop.svc.cluster.local\n',
      '- api.shop.svc.cluster.local # ←\n',
    ]),
  )
})

const namespace = (name: string, labels = 'istio.io/dataplane-mode: ambient'): string => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`
const virtualService = (where: string, hosts: string, more = ''): string => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: timeout, namespace: ${where} }
spec:
  hosts: ${hosts}
${more}  http: [{ timeout: 1s, route: [{ destination: { host: api.shop.svc.cluster.local } }] }]
`
const route = (where: string, kind = 'HTTPRoute', port = ''): string => `---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: timeout, namespace: ${where} }
spec:
  parentRefs: [{ group: "", kind: Service, name: api, namespace: shop${port} }]
  rules: [{ backendRefs: [{ name: api, namespace: shop, port: 80 }] }]
`
const FRONT = SHOP + namespace('front')
const FULL = '[api.shop.svc.cluster.local]'

describe('a Service behind a waypoint', () => {
  it.each<[string, string, readonly string[]]>([
    ['a VirtualService of another namespace', FRONT + virtualService('front', FULL), [UNREAD]],
    [
      'an HTTPRoute of another namespace',
      FRONT + route('front'),
      [replaceIn(UNREAD, ['VirtualServices', 'routes'])],
    ],
    [
      'a GRPCRoute of another namespace',
      FRONT + route('front', 'GRPCRoute'),
      [replaceIn(UNREAD, ['VirtualServices', 'routes'])],
    ],
    ['a route of its namespace', FRONT + route('shop'), []],
    ['a short name in its namespace', FRONT + virtualService('shop', '[api]'), []],
    [
      'a VirtualService for a gateway too',
      FRONT + virtualService('front', FULL, '  gateways: [mesh, edge]\n'),
      [],
    ],
    [
      'a host that the files do not have, beside it',
      FRONT + virtualService('front', '[api.shop.svc.cluster.local, db.data.svc.cluster.local]'),
      [],
    ],
    [
      'a mesh with sidecars',
      FRONT + namespace('legacy', 'istio-injection: enabled') + virtualService('front', FULL),
      [],
    ],
    ['a namespace of which nothing is known', SHOP + virtualService('front', FULL), []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('the namespace of the waypoint is read', () => {
    const text = replaceIn(
      FRONT,
      [
        'istio.io/use-waypoint: waypoint',
        'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: infra',
      ],
      ['name: waypoint\n  namespace: shop', 'name: waypoint\n  namespace: infra'],
      ['protocol: HBONE', 'protocol: HBONE\n      allowedRoutes: { namespaces: { from: All } }'],
    )
    expect(found(text + namespace('infra') + virtualService('infra', FULL))).toEqual([])
    expect(found(text + namespace('infra') + virtualService('front', FULL))).toEqual([UNREAD])
  })

  it('a Service without a waypoint is the subject of another rule', () => {
    const text = replaceIn(FRONT, ['    istio.io/use-waypoint: waypoint\n', ''])
    expect(found(text + virtualService('front', FULL))).toEqual([])
  })
})

describe('a host that is no Service', () => {
  const NO_SERVICE =
    '"alias.internal" is no Service: a waypoint routes by Service, so this has no effect in ambient.'
  const ENTRY = (host: string): string => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: alias, namespace: shop }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }] }
`
  it.each<[string, string, readonly string[]]>([
    ['a name outside the cluster', virtualService('shop', '[alias.internal]'), [NO_SERVICE]],
    [
      'a Service that does not exist',
      virtualService('shop', '[apis]'),
      [replaceIn(NO_SERVICE, ['alias.internal', 'apis'])],
    ],
    [
      'a name with a dot that is not completed',
      virtualService('shop', '[api.shop]'),
      [replaceIn(NO_SERVICE, ['alias.internal', 'api.shop'])],
    ],
    [
      'the host of a ServiceEntry',
      ENTRY('alias.internal') + virtualService('shop', '[alias.internal]'),
      [],
    ],
    [
      'a host of a wildcard ServiceEntry',
      ENTRY('*.internal') + virtualService('shop', '[alias.internal]'),
      [],
    ],
    ['a wildcard', virtualService('shop', '["*.internal"]'), []],
    ['a name of another namespace', virtualService('shop', '[db.data.svc.cluster.local]'), []],
    ['a Service beside it', virtualService('shop', '[api, alias.internal]'), []],
  ])('%s', (_, more, expected) => {
    expect(found(SHOP + more)).toEqual(expected)
  })

  it('is not known where a waypoint serves other namespaces too', () => {
    const text = replaceIn(SHOP, [
      'protocol: HBONE',
      'protocol: HBONE\n      allowedRoutes: { namespaces: { from: All } }',
    ])
    expect(found(text + virtualService('shop', '[alias.internal]'))).toEqual([])
  })
})
