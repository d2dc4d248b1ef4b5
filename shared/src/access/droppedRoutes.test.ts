import { describe, expect, it } from 'vitest'
import type { Fields } from '../testing/index.js'
import { backend, endsAt, get, GUARDED, route } from '../testing/routedShop.js'

type Kind = 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute'
/** The pods that a request reaches by a route with this rule and one to `admin`. */
const endsBy = (rule: Fields, kind: Kind = 'HTTPRoute'): readonly string[] =>
  endsAt(
    [
      ...GUARDED,
      route([{ backendRefs: [backend('admin')] }, { backendRefs: [backend('admin')], ...rule }], {
        kind,
      }),
    ],
    get('/'),
  )
const filters = (...types: readonly string[]): Fields => ({
  filters: types.map((type) => ({ type })),
})
const withBackend = (more: Fields): Fields => ({ backendRefs: [backend('api', more)] })
const HOSTNAME = { group: 'networking.istio.io', kind: 'Hostname', name: 'ext.example' }

describe('istiod converts a route', () => {
  it.each<[string, Fields, Kind?]>([
    ['without filters', {}],
    [
      'with filters for HTTP',
      filters('RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'URLRewrite'),
    ],
    ['with the filter CORS', filters('CORS')],
    ['with a redirect', filters('RequestRedirect')],
    ['with filters for gRPC', filters('RequestHeaderModifier', 'RequestMirror'), 'GRPCRoute'],
    ['with a filter that another tool fills in', filters('${FILTER}')],
    ['with a filter of a backend', withBackend(filters('RequestHeaderModifier'))],
    ['with a backend without traffic', withBackend({ weight: 0, ...filters('ExtensionRef') })],
    ['with a host as backend', withBackend(HOSTNAME)],
    ['with a Service that another tool fills in', withBackend({ name: '${a.b}' })],
  ])('%s', (_, rule, kind) => {
    expect(endsBy(rule, kind)).toEqual(['shop/admin'])
  })
})

describe('istiod drops a whole route', () => {
  it.each<[string, Fields, Kind?]>([
    ['with a filter of another controller', filters('CORS', 'ExtensionRef')],
    ['with a filter for HTTP in a GRPCRoute', filters('URLRewrite'), 'GRPCRoute'],
    ['with another filter of a backend', withBackend(filters('RequestMirror'))],
    ['with a host name as the name of a Service', withBackend({ name: 'api.shop' })],
    ['with a host in a namespace', withBackend({ ...HOSTNAME, namespace: 'shop' })],
    ['with a host without a port', withBackend({ ...HOSTNAME, port: undefined })],
  ])('%s', (_, rule, kind) => {
    expect(endsBy(rule, kind)).toEqual(['shop/api'])
  })
})
