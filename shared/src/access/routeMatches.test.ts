import { describe, expect, it } from 'vitest'
import * as builders from '../testing/builders.js'
import type { Fields } from '../testing/index.js'
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
import { gateway, hops, namespace, pod, service, WEB } from '../testing/shopMesh.js'

describe('the matches of a route', () => {
  const matched = (match: Fields, request: Fields): boolean | string => {
    const found = endsAt(
      [...GUARDED, virtualService([{ match: [match], ...to('admin') }, to('api')])],
      request,
    )
    return found.length > 1 ? 'unknown' : found[0] === 'shop/admin'
  }

  it.each<[string, Fields, Fields, boolean | string]>([
    ['a prefix', { uri: { prefix: '/ad' } }, get('/admin'), true],
    ['another prefix', { uri: { prefix: '/ad' } }, get('/shop'), false],
    ['an exact path, without the query', { uri: { exact: '/a' } }, get('/a?x=1'), true],
    ['a path after its normalisation', { uri: { exact: '/a' } }, get('/b/../%61?x=1'), true],
    ['an exact path in other case', { uri: { exact: '/A' }, ignoreUriCase: true }, get('/a'), true],
    ['a regular expression of the whole path', { uri: { regex: '/a.*' } }, get('/abc'), true],
    ['a regular expression of a part', { uri: { regex: '/a' } }, get('/abc'), false],
    [
      'a regular expression with a repeated group',
      { uri: { regex: '(/a+)+' } },
      get('/a/aa'),
      true,
    ],
    [
      'a regular expression that is not compared',
      { uri: { regex: '(?i)/a' } },
      get('/a'),
      'unknown',
    ],
    ['a method', { method: { exact: 'GET' } }, get('/'), true],
    ['another method', { method: { exact: 'PUT' } }, get('/'), false],
    ['the host', { authority: { exact: 'api' } }, get('/'), true],
    [
      'a header',
      { headers: { 'X-User': { exact: 'a' } } },
      get('/', { headers: { 'x-user': 'a' } }),
      true,
    ],
    ['a missing header', { headers: { 'x-user': { exact: 'a' } } }, get('/'), false],
    ['the header host', { headers: { host: { exact: 'api' } } }, get('/'), true],
    ['the header host of another', { headers: { Host: { exact: 'b' } } }, get('/'), false],
    [
      'the header host of a request without one',
      { headers: { host: { exact: 'api' } } },
      get('/', { host: undefined }),
      'unknown',
    ],
    [
      'the presence of a header',
      { headers: { 'x-user': {} } },
      get('/', { headers: { 'x-user': 'a' } }),
      true,
    ],
    ['an excluded header', { withoutHeaders: { 'x-user': {} } }, get('/'), true],
    [
      'an excluded value',
      { withoutHeaders: { a: { exact: 'b' } } },
      get('/', { headers: { a: 'b' } }),
      false,
    ],
    ['a claim', { headers: { '@request.auth.claims.sub': { exact: 'a' } } }, get('/'), 'unknown'],
    ['a query parameter', { queryParams: { debug: { exact: '1' } } }, get('/?debug=1'), true],
    ['an absent query parameter', { queryParams: { debug: { exact: '1' } } }, get('/'), false],
    ['the port', { port: 80 }, get('/'), true],
    ['another port', { port: 81 }, get('/'), false],
    ['the namespace of the waypoint', { sourceNamespace: 'shop' }, get('/'), true],
    ['another namespace', { sourceNamespace: 'front' }, get('/'), false],
    ['labels of the client', { sourceLabels: { app: 'web' } }, get('/'), false],
    ['another gateway', { gateways: ['edge/gateway'] }, get('/'), false],
    ['the mesh', { gateways: ['mesh'], sourceNamespace: 'front' }, get('/'), true],
  ])('the match is right for %s', (_, match, request, expected) => {
    expect(matched(match, request)).toBe(expected)
  })

  it('an HTTPRoute matches whole path segments', () => {
    const objects = [...GUARDED, route(ADMIN_PATHS)]
    expect(endsAt(objects, get('/administrator'))).toEqual(['shop/api'])
    expect(endsAt(objects, get('/admin?x=1'))).toEqual(['shop/admin'])
  })

  it('a request without HTTP fields may match every route', () => {
    expect(endsAt([...GUARDED, route(ADMIN_PATHS)], { http: undefined })).toEqual([
      'shop/admin',
      'shop/api',
    ])
  })
})

describe('routes that a waypoint does not read', () => {
  const toAdmin = [{ backendRefs: [backend('admin')] }]
  const FRONT = namespace('front')

  it.each<[string, readonly string[]]>([
    ['an HTTPRoute of the client’s namespace', [FRONT, route(toAdmin, { in: 'front' })]],
    [
      'a VirtualService of the client’s namespace',
      [
        FRONT,
        virtualService([to('admin')], {
          in: 'front',
          spec: { hosts: ['api.shop.svc.cluster.local'] },
        }),
      ],
    ],
    [
      'a route whose parent is the waypoint',
      [
        route(toAdmin, {
          parent: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' },
        }),
      ],
    ],
    [
      'a VirtualService for a gateway only',
      [virtualService([to('admin')], { spec: { gateways: ['edge'] } })],
    ],
    [
      'a VirtualService for another host',
      [virtualService([to('admin')], { spec: { hosts: ['api.shop'] } })],
    ],
    [
      'a VirtualService of which every match has labels of clients',
      [virtualService([{ match: [{ sourceLabels: { app: 'web' } }], ...to('admin') }])],
    ],
  ])('a waypoint does not read %s', (_, more) => {
    expect(endsAt([...GUARDED, ...more])).toEqual(['shop/api'])
  })

  it('no proxy reads a route of a Service without a waypoint', () => {
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api'),
      pod('admin'),
      service('api', { labels: {} }),
      service('admin', { labels: {} }),
      route(toAdmin),
    ]
    expect(hops(objects)).toEqual([
      'ztunnel shop/api as cluster.local/ns/shop/sa/web on 8080: allow',
    ])
  })

  it('a waypoint does not read a VirtualService that is not exported to its namespace', () => {
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
    const exported = (exportTo: readonly string[], where = 'shop'): string =>
      virtualService([to('admin.shop.svc.cluster.local')], {
        in: where,
        spec: { hosts: ['api.shop.svc.cluster.local'], exportTo },
      })
    expect(endsAt([...objects, exported(['.'])])).toEqual(['shop/api'])
    expect(endsAt([...objects, exported(['infra'])])).toEqual(['shop/admin'])
    expect(endsAt([...objects, exported(['.'], 'infra')])).toEqual(['shop/admin'])
  })

  it('the routes of a waypoint do not apply to an ingress gateway that bypasses it', () => {
    const objects = [...GUARDED, gateway('door', { className: 'istio' }), route(toAdmin)]
    const from = { ...WEB, serviceAccount: 'door-istio' }
    expect(hops(objects, { from })).toEqual([
      'ztunnel shop/api as cluster.local/ns/shop/sa/door-istio on 8080: allow',
    ])
  })
})
