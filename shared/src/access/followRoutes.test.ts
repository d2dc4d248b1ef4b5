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
  TO_PODS_OF_ADMIN,
  TO_PODS_OF_API,
  virtualService,
} from '../testing/routedShop.js'
import {
  answer,
  fromAccounts,
  gateway,
  hops,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  toService,
  verdict,
} from '../testing/shopMesh.js'

describe('the routes of a waypoint', () => {
  it('a route sends a request to another Service, whose policies do not apply', () => {
    const objects = [...GUARDED, route(ADMIN_PATHS)]
    expect(hops(objects, get('/admin/x'))).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 80: allow',
      TO_PODS_OF_ADMIN,
    ])
    expect(hops(objects, get('/other'))).toContain(TO_PODS_OF_API)
    expect(verdict(objects, { to: { service: 'shop/admin', port: 80 } })).toBe('deny')
  })

  it('a route does not change what the policies of the called Service see', () => {
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

  it('a route reaches a pod of another namespace, whose ztunnel sees the first waypoint', () => {
    const objects = [
      ...SHOP,
      namespace('vault'),
      builders.pod('vault/store'),
      builders.service('vault/store', { ports: [{ name: 'http', port: 80 }] }),
      route([{ backendRefs: [backend('store', { namespace: 'vault' })] }]),
    ]
    const own = policy('own', { rules: [fromAccounts('vault/waypoint')] }, { in: 'vault' })
    expect(endsAt(objects)).toEqual(['vault/store'])
    expect(verdict([...objects, own])).toBe('deny')
  })

  it('a route with several weighted backends has their verdict if they agree', () => {
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

  it('the most specific rule of an HTTPRoute counts, and the first of a VirtualService', () => {
    const path = (type: string, value: string): Fields => ({ matches: [{ path: { type, value } }] })
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

  it('a route to a subset reaches only its pods', () => {
    const rule = (subsets: readonly Fields[], where = 'shop'): string =>
      object('DestinationRule', `${where}/api`, {
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
  ])('a route that answers with %s reaches no pod', (_, rule) => {
    expect(hops([...SHOP, virtualService([rule])])).toHaveLength(1)
    expect(verdict([...SHOP, virtualService([rule])])).toBe('allow')
  })

  it('a request is undecided if no route matches it', () => {
    const only = route([
      { matches: [{ path: { type: 'Exact', value: '/a' } }], backendRefs: [backend('api')] },
    ])
    const found = answer([...SHOP, only], get('/b'))
    expect(found.verdict).toBe('undecided')
    expect(found.assumptions).toContain(
      'no route of HTTPRoute shop/api matches: the waypoint answers with 404',
    )
  })

  it('a route for another port leaves the request with its Service', () => {
    const objects = [
      ...GUARDED,
      route([{ backendRefs: [backend('admin')] }], { parent: { port: 81 } }),
    ]
    expect(endsAt(objects)).toEqual(['shop/api'])
  })

  it('a request is undecided if two objects have routes that lead to different verdicts', () => {
    const closed = policy('closed', { selector: { matchLabels: { app: 'admin' } } })
    const both = [virtualService([to('admin')], { name: 'other' }), virtualService([to('api')])]
    expect(verdict([...GUARDED, ...both])).toBe('allow')
    expect(verdict([...GUARDED, closed, ...both])).toBe('undecided')
  })

  it('a GRPCRoute sends requests by service and method', () => {
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

  it('the TCP routes of a VirtualService send connections to a TCP port', () => {
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
      object('VirtualService', 'shop/api', { spec: { hosts: ['api'], tcp } }),
    ]
    const found = hops(objects, { to: { service: 'shop/api', port: 5432 }, http: undefined })
    expect(found.at(-1)).toBe(TO_PODS_OF_ADMIN)
  })
})
