import { describe, expect, it } from 'vitest'
import {
  answer,
  fromAccounts,
  gateway,
  hops,
  namespace,
  object,
  pod,
  policy,
  service,
  SHOP,
  toService,
  USE_WAYPOINT,
  verdict,
  WEB,
  type Plain,
} from '../testing/shopMesh.js'

/** Two Services behind the waypoint: only `root` may call `admin`. */
const GUARDED = [
  ...SHOP,
  pod('admin'),
  service('admin'),
  policy('admin-only', { ...toService('admin'), rules: [fromAccounts('shop/root')] }),
]
const TO_PODS_OF_ADMIN = 'ztunnel shop/admin as cluster.local/ns/shop/sa/waypoint on 8080: allow'
const TO_PODS_OF_API = 'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8080: allow'

const backend = (name: string, more: Plain = {}): Plain => ({ name, port: 80, ...more })
const route = (
  rules: readonly Plain[],
  { kind = 'HTTPRoute', name = 'api', in: where = 'shop', parent = {} as Plain } = {},
): string =>
  object(kind, name, where, {
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'api', namespace: 'shop', ...parent }],
      rules,
    },
  })
const to = (...hosts: string[]): Plain => ({
  route: hosts.map((host) => ({ destination: { host }, weight: 1 })),
})
const virtualService = (
  http: readonly Plain[],
  { name = 'api', in: where = 'shop', spec = {} as Plain } = {},
): string => object('VirtualService', name, where, { spec: { hosts: ['api'], http, ...spec } })

const get = (path: string, more: Plain = {}): Plain => ({
  http: { method: 'GET', path, host: 'api', ...more },
})
const endsAt = (objects: readonly string[], request: Plain = get('/')): readonly string[] =>
  hops(objects, request)
    .filter((hop) => hop.startsWith('ztunnel'))
    .map((hop) => hop.split(' ')[1] ?? '')

const ADMIN_PATHS = [
  { matches: [{ path: { type: 'PathPrefix', value: '/admin' } }], backendRefs: [backend('admin')] },
  { backendRefs: [backend('api')] },
]

describe('a route of a waypoint', () => {
  it('sends a request to another Service, whose policies do not apply', () => {
    const objects = [...GUARDED, route(ADMIN_PATHS)]
    expect(hops(objects, get('/admin/x'))).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 80: allow',
      TO_PODS_OF_ADMIN,
    ])
    expect(hops(objects, get('/other'))).toContain(TO_PODS_OF_API)
    expect(verdict(objects, { to: { service: 'shop/admin', port: 80 } })).toBe('deny')
  })

  it('does not change what the policies of the called Service see', () => {
    const noAdmin = policy('no-admin', {
      ...toService('api'),
      action: 'DENY',
      rules: [{ to: [{ operation: { paths: ['/admin*'] } }] }],
    })
    const rewritten = [
      {
        ...ADMIN_PATHS[0],
        filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath' } } }],
      },
    ]
    expect(verdict([...SHOP, noAdmin, route(rewritten)], get('/admin'))).toBe('deny')
  })

  it('reaches a pod of another namespace, whose ztunnel sees the first waypoint', () => {
    const objects = [
      ...SHOP,
      namespace('vault'),
      object(
        'Pod',
        'store',
        'vault',
        { spec: { containers: [{ name: 'a' }] } },
        { labels: { app: 'store' } },
      ),
      object('Service', 'store', 'vault', {
        spec: { selector: { app: 'store' }, ports: [{ name: 'http', port: 80 }] },
      }),
      route([{ backendRefs: [backend('store', { namespace: 'vault' })] }]),
    ]
    const own = policy('own', { rules: [fromAccounts('vault/waypoint')] }, { in: 'vault' })
    expect(endsAt(objects)).toEqual(['vault/store'])
    expect(verdict([...objects, own])).toBe('deny')
  })

  it('has several ends with weights: the verdict is theirs if they agree', () => {
    const split = (weights: readonly number[]): string =>
      route([
        {
          backendRefs: [
            backend('api', { weight: weights[0] }),
            backend('admin', { weight: weights[1] }),
          ],
        },
      ])
    const closed = policy('closed', { selector: { matchLabels: { app: 'admin' } } })
    expect(endsAt([...GUARDED, split([9, 1])])).toEqual(['shop/api', 'shop/admin'])
    expect(endsAt([...GUARDED, split([9, 0])])).toEqual(['shop/api'])
    expect(verdict([...GUARDED, split([9, 1])])).toBe('allow')
    expect(verdict([...GUARDED, closed, split([9, 1])])).toBe('undecided')
    expect(verdict([...GUARDED, closed, split([0, 1])])).toBe('deny')
  })

  it('takes the most specific rule of an HTTPRoute, and the first of a VirtualService', () => {
    const path = (type: string, value: string): Plain => ({ matches: [{ path: { type, value } }] })
    const rules = [
      { ...path('PathPrefix', '/'), backendRefs: [backend('api')] },
      { ...path('Exact', '/a'), backendRefs: [backend('admin')] },
    ]
    const listed = [
      { match: [{ uri: { prefix: '/' } }], ...to('api') },
      { match: [{ uri: { exact: '/a' } }], ...to('admin') },
    ]
    expect(endsAt([...GUARDED, route(rules)], get('/a'))).toEqual(['shop/admin'])
    expect(endsAt([...GUARDED, virtualService(listed)], get('/a'))).toEqual(['shop/api'])
  })

  it('reaches only the pods of a subset', () => {
    const rule = (subsets: readonly Plain[], where = 'shop'): string =>
      object('DestinationRule', 'api', where, {
        spec: { host: 'api.shop.svc.cluster.local', subsets },
      })
    const pods = [
      ...SHOP,
      pod('old', { app: 'api', labels: { version: 'v1' } }),
      policy('closed', { selector: { matchLabels: { version: 'v1' } } }),
    ]
    const subset = virtualService([{ route: [{ destination: { host: 'api', subset: 'old' } }] }])
    const v1 = [{ name: 'old', labels: { version: 'v1' } }]
    expect(verdict([...pods, subset, rule(v1)])).toBe('deny')
    expect(verdict([...pods, subset, rule(v1, 'istio-system')])).toBe('deny')
    const undefinedSubset = answer([...pods, subset, rule([], 'shop')])
    expect(undefinedSubset.verdict).toBe('undecided')
    expect(undefinedSubset.assumptions).toContain(
      'no DestinationRule in these files defines subset old of shop/api',
    )
  })

  it.each([
    ['a redirect', { redirect: { uri: '/elsewhere' } }],
    ['a direct response', { directResponse: { status: 503 } }],
  ])('that answers itself with %s reaches no pod', (_, rule) => {
    expect(hops([...SHOP, virtualService([rule])])).toHaveLength(1)
    expect(verdict([...SHOP, virtualService([rule])])).toBe('allow')
  })

  it('that does not match leaves the request without an end', () => {
    const only = route([
      { matches: [{ path: { type: 'Exact', value: '/a' } }], backendRefs: [backend('api')] },
    ])
    const found = answer([...SHOP, only], get('/b'))
    expect(found.verdict).toBe('undecided')
    expect(found.assumptions).toContain(
      'no route of HTTPRoute shop/api matches: the waypoint answers with 404',
    )
  })

  it('for another port leaves the request with its Service', () => {
    const objects = [
      ...GUARDED,
      route([{ backendRefs: [backend('admin')] }], { parent: { port: 81 } }),
    ]
    expect(endsAt(objects)).toEqual(['shop/api'])
  })

  it('is undecided where two resources have routes for a Service and lead to different verdicts', () => {
    const closed = policy('closed', { selector: { matchLabels: { app: 'admin' } } })
    const both = [route([{ backendRefs: [backend('admin')] }]), virtualService([to('api')])]
    expect(verdict([...GUARDED, ...both])).toBe('allow')
    expect(verdict([...GUARDED, closed, ...both])).toBe('undecided')
  })

  it('sends gRPC requests by service and method', () => {
    const rules = [
      {
        matches: [{ method: { service: 'shop.Admin', method: 'Delete' } }],
        backendRefs: [backend('admin')],
      },
      { matches: [{ method: { service: 'shop.Admin' } }], backendRefs: [backend('api')] },
    ]
    const objects = [...GUARDED, route(rules, { kind: 'GRPCRoute' })]
    expect(endsAt(objects, get('/shop.Admin/Delete'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/shop.Admin/List'))).toEqual(['shop/api'])
  })

  it('sends connections to a TCP port by the TCP routes of a VirtualService', () => {
    const tcp = [
      { match: [{ port: 81 }], ...to('api') },
      { match: [{ port: 5432 }], ...to('admin') },
    ]
    const database = service('api', {
      spec: { ports: [{ name: 'tcp-sql', port: 5432, targetPort: 8080 }] },
    })
    const objects = [
      namespace('shop'),
      gateway('waypoint'),
      pod('web'),
      pod('api'),
      pod('admin'),
      database,
      service('admin'),
      object('VirtualService', 'api', 'shop', { spec: { hosts: ['api'], tcp } }),
    ]
    const found = hops(objects, { to: { service: 'shop/api', port: 5432 }, http: undefined })
    expect(found.at(-1)).toBe(TO_PODS_OF_ADMIN)
  })
})

describe('matches', () => {
  const matched = (match: Plain, request: Plain): boolean | string => {
    const found = endsAt(
      [...GUARDED, virtualService([{ match: [match], ...to('admin') }, to('api')])],
      request,
    )
    return found.length > 1 ? 'unknown' : found[0] === 'shop/admin'
  }

  it.each<[string, Plain, Plain, boolean | string]>([
    ['a prefix', { uri: { prefix: '/ad' } }, get('/admin'), true],
    ['another prefix', { uri: { prefix: '/ad' } }, get('/shop'), false],
    ['an exact path, without the query', { uri: { exact: '/a' } }, get('/a?x=1'), true],
    ['an exact path in other case', { uri: { exact: '/A' }, ignoreUriCase: true }, get('/a'), true],
    ['a regular expression of the whole path', { uri: { regex: '/a.*' } }, get('/abc'), true],
    ['a regular expression of a part', { uri: { regex: '/a' } }, get('/abc'), false],
    [
      'a regular expression that is not compared',
      { uri: { regex: '(/a+)+' } },
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
  ])('%s', (_, match, request, expected) => {
    expect(matched(match, request)).toBe(expected)
  })

  it('of whole path segments are those of an HTTPRoute', () => {
    const objects = [...GUARDED, route(ADMIN_PATHS)]
    expect(endsAt(objects, get('/administrator'))).toEqual(['shop/api'])
    expect(endsAt(objects, get('/admin?x=1'))).toEqual(['shop/admin'])
  })

  it('of a request that says nothing about HTTP may hold or not', () => {
    expect(endsAt([...GUARDED, route(ADMIN_PATHS)], { http: undefined })).toEqual([
      'shop/admin',
      'shop/api',
    ])
  })
})

describe('a waypoint does not read', () => {
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
  ])('%s', (_, more) => {
    expect(endsAt([...GUARDED, ...more])).toEqual(['shop/api'])
  })

  it('a route of a Service without a waypoint', () => {
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

  it('a VirtualService that is exported to other namespaces only', () => {
    const waypoint = object('Gateway', 'common', 'infra', {
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [
          {
            name: 'mesh',
            port: 15008,
            protocol: 'HBONE',
            allowedRoutes: { namespaces: { from: 'All' } },
          },
        ],
      },
    })
    const labels = { 'istio.io/use-waypoint': 'common', 'istio.io/use-waypoint-namespace': 'infra' }
    const objects = [
      namespace('shop'),
      namespace('infra', {}),
      waypoint,
      pod('web'),
      pod('api'),
      pod('admin'),
      service('api', { labels }),
      service('admin', { labels: USE_WAYPOINT }),
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

  it('routes for an ingress gateway that bypasses it', () => {
    const objects = [...GUARDED, gateway('door', { className: 'istio' }), route(toAdmin)]
    const from = { ...WEB, serviceAccount: 'door-istio' }
    expect(hops(objects, { from })).toEqual([
      'ztunnel shop/api as cluster.local/ns/shop/sa/door-istio on 8080: allow',
    ])
  })
})
