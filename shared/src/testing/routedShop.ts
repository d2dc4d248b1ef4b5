import { object, type Fields } from './objectText.js'
import { fromAccounts, hops, pod, policy, service, SHOP, toService } from './shopMesh.js'

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

interface RouteOptions {
  readonly kind?: 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute'
  readonly name?: string
  readonly in?: string
  /** Fields of its parent, in place of those of the Service `api`. */
  readonly parent?: Fields
}

interface VirtualServiceOptions {
  readonly name?: string
  readonly in?: string
  readonly spec?: Fields
}

export const backend = (name: string, more: Fields = {}): Fields => ({ name, port: 80, ...more })
export const route = (
  rules: readonly Fields[],
  { kind = 'HTTPRoute', name = 'api', in: where = 'shop', parent = {} }: RouteOptions = {},
): string =>
  object(kind, `${where}/${name}`, {
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'api', namespace: 'shop', ...parent }],
      rules,
    },
  })
export const to = (...hosts: string[]): Fields => ({
  route: hosts.map((host) => ({ destination: { host }, weight: 1 })),
})
export const virtualService = (
  http: readonly Fields[],
  { name = 'api', in: where = 'shop', spec = {} }: VirtualServiceOptions = {},
): string =>
  object('VirtualService', `${where}/${name}`, { spec: { hosts: ['api'], http, ...spec } })

export const get = (path: string, more: Fields = {}): Fields => ({
  http: { method: 'GET', path, host: 'api', ...more },
})
/** The pods that a request to the Service `api` reaches. */
export const endsAt = (objects: readonly string[], request: Fields = get('/')): readonly string[] =>
  hops(objects, request)
    .filter((hop) => hop.startsWith('ztunnel'))
    .map((hop) => hop.split(' ')[1] ?? '')

export const ADMIN_PATHS = [
  { matches: [{ path: { type: 'PathPrefix', value: '/admin' } }], backendRefs: [backend('admin')] },
  { backendRefs: [backend('api')] },
]
