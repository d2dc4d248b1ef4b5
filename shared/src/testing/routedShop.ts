import {
  fromAccounts,
  hops,
  object,
  pod,
  policy,
  service,
  SHOP,
  toService,
  type Plain,
} from './shopMesh.js'

/** Two Services behind the waypoint: only `root` may call `admin`. */
export const GUARDED = [
  ...SHOP,
  pod('admin'),
  service('admin'),
  policy('admin-only', { ...toService('admin'), rules: [fromAccounts('shop/root')] }),
]
export const TO_PODS_OF_ADMIN =
  'ztunnel shop/admin as cluster.local/ns/shop/sa/waypoint on 8080: allow'
export const TO_PODS_OF_API = 'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8080: allow'

export const backend = (name: string, more: Plain = {}): Plain => ({ name, port: 80, ...more })
interface VirtualServiceOptions {
  readonly name?: string
  readonly in?: string
  readonly spec?: Plain
}
interface RouteOptions {
  readonly kind?: string
  readonly name?: string
  readonly in?: string
  readonly parent?: Plain
}
export const route = (
  rules: readonly Plain[],
  { kind = 'HTTPRoute', name = 'api', in: where = 'shop', parent = {} }: RouteOptions = {},
): string =>
  object(kind, name, where, {
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'api', namespace: 'shop', ...parent }],
      rules,
    },
  })
export const to = (...hosts: string[]): Plain => ({
  route: hosts.map((host) => ({ destination: { host }, weight: 1 })),
})
export const virtualService = (
  http: readonly Plain[],
  { name = 'api', in: where = 'shop', spec = {} }: VirtualServiceOptions = {},
): string => object('VirtualService', name, where, { spec: { hosts: ['api'], http, ...spec } })

export const get = (path: string, more: Plain = {}): Plain => ({
  http: { method: 'GET', path, host: 'api', ...more },
})
export const endsAt = (objects: readonly string[], request: Plain = get('/')): readonly string[] =>
  hops(objects, request)
    .filter((hop) => hop.startsWith('ztunnel'))
    .map((hop) => hop.split(' ')[1] ?? '')

export const ADMIN_PATHS = [
  { matches: [{ path: { type: 'PathPrefix', value: '/admin' } }], backendRefs: [backend('admin')] },
  { backendRefs: [backend('api')] },
]
