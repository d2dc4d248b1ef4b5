import { describe, expect, it } from 'vitest'
import * as builders from '../testing/builders.js'
import { object, type Fields } from '../testing/index.js'
import {
  ADMIN_PATHS,
  backend,
  endsAt,
  get,
  GUARDED,
  route,
  to,
  virtualService,
} from '../testing/routedShop.js'
import { answer, namespace, pod, service } from '../testing/shopMesh.js'

const rule = (name: string, ...matches: readonly Fields[]): Fields => ({
  ...(matches.length > 0 && { matches }),
  backendRefs: [backend(name)],
})
const path = (type: string, value: string): Fields => ({ path: { type, value } })
const BOTH = ['shop/admin', 'shop/api']

describe('routes of one Service that are equally specific', () => {
  const first = (rules: readonly Fields[]): string => route(rules, { name: 'a' })
  const second = (rules: readonly Fields[]): string => route(rules, { name: 'b' })

  it('of several objects can all take a request: the oldest object decides', () => {
    expect(endsAt([...GUARDED, first([rule('admin')]), second([rule('api')])])).toEqual(BOTH)
    expect(endsAt([...GUARDED, first([rule('api')]), second([rule('admin')])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
  })

  it('of one object keep their order, also where another object has such a rule', () => {
    expect(endsAt([...GUARDED, first([rule('admin'), rule('api')])])).toEqual(['shop/admin'])
    const rules = [rule('api'), rule('admin')]
    expect(endsAt([...GUARDED, first(rules), second([rule('api')])])).toEqual(['shop/api'])
    expect(endsAt([...GUARDED, first(rules), second([rule('admin')])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
  })

  it('do not take a request that a more specific rule takes', () => {
    const objects = [...GUARDED, first(ADMIN_PATHS), second([rule('api')])]
    expect(endsAt(objects, get('/admin'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/'))).toEqual(['shop/api'])
  })

  it('take a request alone where the others do not match', () => {
    const objects = [
      ...GUARDED,
      first([rule('admin', path('PathPrefix', '/a'))]),
      second([rule('api', path('PathPrefix', '/b'))]),
    ]
    expect(endsAt(objects, get('/a'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/b'))).toEqual(['shop/api'])
  })
})

describe('several resources with routes of one Service', () => {
  const only = (uri: string, name: string): Fields => ({
    match: [{ uri: { exact: uri } }],
    ...to(name),
  })

  it('have their routes together: one that does not match leaves the request to the others', () => {
    const objects = [
      ...GUARDED,
      virtualService([only('/a', 'admin')], { name: 'a' }),
      virtualService([only('/b', 'api')], { name: 'b' }),
    ]
    expect(endsAt(objects, get('/a'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/b'))).toEqual(['shop/api'])
    expect(answer(objects, get('/c'))).toMatchObject({
      verdict: 'undecided',
      assumptions: [
        'the waypoint shop/waypoint is ready',
        'no route of VirtualService shop/a, VirtualService shop/b matches: the waypoint answers with 404',
      ],
    })
  })

  it('and none that a waypoint reads leave the request with the Service', () => {
    const unread = (name: string): string =>
      virtualService([{ match: [{ port: 81 }], ...to('admin') }], { name })
    expect(endsAt([...GUARDED, unread('a'), unread('b')])).toEqual(['shop/api'])
    const one = virtualService([to('admin')], { name: 'c' })
    expect(endsAt([...GUARDED, unread('a'), one])).toEqual(['shop/admin'])
  })

  it('that all take a request are tried each', () => {
    const objects = [
      ...GUARDED,
      virtualService([to('admin')], { name: 'a' }),
      virtualService([to('api')], { name: 'b' }),
    ]
    expect(endsAt(objects)).toEqual(BOTH)
  })

  it('come in the order of their export and kind before their age', () => {
    const exported = (host: string, exportTo: readonly string[]): string =>
      virtualService([to(host)], { name: `to-${host}`, spec: { exportTo } })
    const http = (host: string): string => route([rule(host)], { name: host })
    expect(endsAt([...GUARDED, exported('api', ['shop']), exported('admin', ['.'])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
    expect(endsAt([...GUARDED, http('api'), exported('admin', ['shop'])])).toEqual(['shop/admin'])
    expect(endsAt([...GUARDED, exported('api', ['*']), http('admin')])).toEqual(['shop/admin'])
    expect(endsAt([...GUARDED, exported('api', []), http('admin')])).toEqual(['shop/admin'])
    expect(endsAt([...GUARDED, exported('api', ['.', '*']), exported('admin', [])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
  })

  it('come from the namespace of the waypoint first', () => {
    const routes = (host: string, where: string, exportTo: string): string =>
      virtualService([to(`${host}.shop.svc.cluster.local`)], {
        in: where,
        spec: { hosts: ['api.shop.svc.cluster.local'], exportTo: [exportTo] },
      })
    const objects = [
      namespace('shop'),
      namespace('infra', {}),
      builders.waypoint('infra/common', { allowedNamespaces: 'All' }),
      pod('web'),
      pod('api'),
      pod('admin'),
      builders.service('shop/api', { waypoint: 'infra/common' }),
      service('admin'),
    ]
    expect(
      endsAt([...objects, routes('api', 'shop', 'infra'), routes('admin', 'infra', '.')]),
    ).toEqual(['shop/admin'])
    expect(
      endsAt([...objects, routes('api', 'infra', '*'), routes('admin', 'shop', 'infra')]),
    ).toEqual(['shop/admin'])
  })

  it('come one alone before Istio 1.28', () => {
    const objects = [
      ...GUARDED,
      virtualService([only('/a', 'admin')], { name: 'a' }),
      virtualService([to('api')], { name: 'b' }),
    ]
    const verdictAt = (istioVersion: string): string =>
      answer(objects, get('/'), { istioVersion }).verdict
    expect([verdictAt('1.27'), verdictAt('1.28')]).toEqual(['undecided', 'allow'])
  })
})

describe('a rule of an HTTPRoute without matches', () => {
  const order = (...matches: readonly Fields[]): readonly string[] =>
    endsAt([...GUARDED, route([rule('api'), rule('admin', ...matches)])])

  it('comes before a regular expression, as the path prefix / does', () => {
    expect(order(path('RegularExpression', '/.*'))).toEqual(['shop/api'])
  })

  it.each<[string, Fields]>([
    ['an exact path', path('Exact', '/')],
    ['a method', { method: 'GET' }],
    ['a header', { headers: [{ name: 'host', value: 'api' }] }],
  ])('comes after %s', (_, match) => {
    expect(order(match)).toEqual(['shop/admin'])
  })
})

it('a rule of a GRPCRoute without matches comes last', () => {
  const objects = [
    ...GUARDED,
    route([rule('api'), rule('admin', { method: { type: 'RegularExpression', method: '.*' } })], {
      kind: 'GRPCRoute',
    }),
  ]
  expect(endsAt(objects, get('/x/y'))).toEqual(['shop/admin'])
})

describe('at a TCP port', () => {
  const ports = [{ name: 'tcp', port: 80, targetPort: 8080 }]
  const objects = GUARDED.map((text) =>
    text === service('api') ? service('api', { spec: { ports } }) : text,
  )
  const tcp = (name: string, host: string): string =>
    route([rule(host)], { name, kind: 'TCPRoute' })
  const endsOf = (...more: readonly string[]): readonly string[] =>
    endsAt([...objects, ...more], { http: undefined })
  const own = 'api.shop.svc.cluster.local'
  const tls = (host: string, hostnames: readonly string[]): string =>
    object('TLSRoute', 'shop/tls', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'api' }],
        hostnames,
        rules: [rule(host)],
      },
    })

  it('the oldest of several TCPRoutes decides', () => {
    expect(endsOf(tcp('a', 'admin'), tcp('b', 'api'))).toEqual(BOTH)
  })

  it.each<[string, readonly string[]]>([
    ['without a server name', []],
    ['for every server name', ['*']],
    ['for the host of the Service', [own]],
    ['for this host and others', ['other.example', own]],
  ])('a TLSRoute %s comes before a TCPRoute', (_, hostnames) => {
    expect(endsOf(tcp('a', 'api'), tls('admin', hostnames))).toEqual(['shop/admin'])
  })

  it.each<[string, readonly string[]]>([
    ['another host', ['other.example']],
    ['a wildcard', ['*.shop.svc.cluster.local']],
    ['two names for the Service', ['*.cluster.local', own]],
  ])('a waypoint does not read a TLSRoute for %s', (_, hostnames) => {
    expect(endsOf(tls('admin', hostnames))).toEqual(['shop/api'])
  })

  it('TLS routes of a VirtualService come before TCP routes of another', () => {
    const virtual = (name: string, spec: Fields): string =>
      virtualService([], { name, spec: { http: undefined, ...spec } })
    expect(
      endsOf(virtual('a', { tcp: [to('api')] }), virtual('b', { tls: [to('admin')] })),
    ).toEqual(['shop/admin'])
  })
})
