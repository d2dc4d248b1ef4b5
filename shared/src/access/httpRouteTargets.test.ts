import { expect, it } from 'vitest'
import {
  authorizationPolicy,
  deployment,
  documents,
  gateway,
  namespace,
  object,
  service,
  to,
  Views,
  waypoint,
} from '../testing/index.js'

const FLAGS = { ENABLE_GATEWAY_API_HTTPROUTE_AUTH: true }
const ROUTE = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'orders' }
const API = { group: '', kind: 'Service', name: 'api' }
const route = (parent: Readonly<Record<string, string>>): string =>
  object('HTTPRoute', 'shop/orders', {
    spec: { parentRefs: [parent], rules: [{ backendRefs: [{ name: 'api', port: 80 }] }] },
  })
const shop = (...others: readonly string[]): string =>
  documents(
    namespace('shop', { waypoint: 'waypoint' }),
    waypoint('shop/waypoint'),
    gateway('shop/door'),
    service('shop/api'),
    deployment('shop/api'),
    ...others,
  )
const policy = (targetRefs: readonly object[], action = 'DENY'): string =>
  authorizationPolicy('shop/p', {
    action,
    targetRefs: targetRefs.map((ref) => ({ ...ref })),
    rules: [to({ methods: ['PUT'] })],
  })
const verdictOf = (text: string, method: string): string =>
  new Views(text, { flags: FLAGS }).evaluate({
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { service: 'shop/api', port: 80 },
    http: { method },
  }).verdict
const rulesFor = (text: string, flags = FLAGS): string[] =>
  new Views(text, { flags }).findings('p').map(({ rule }) => rule)
const REJECTED = ['invalid-resource', 'target-kind-not-supported']

it('at a waypoint, a request that the policy of the route would deny is undecided', () => {
  const text = shop(route(API), policy([ROUTE]))
  expect([verdictOf(text, 'PUT'), verdictOf(text, 'GET')]).toEqual(['undecided', 'allow'])
  expect(verdictOf(shop(route({ name: 'door' }), policy([ROUTE])), 'PUT')).toBe('allow')
})

it.each<[string, string]>([
  ['a CUSTOM policy', policy([ROUTE], 'CUSTOM')],
  ['a target of another kind beside it', policy([ROUTE, API])],
])('the API server rejects %s with the flag too', (_, rejected) => {
  const text = shop(route(API), rejected)
  expect([...new Set(rulesFor(text))].sort()).toEqual(REJECTED)
  expect(verdictOf(text, 'PUT')).toBe('allow')
})

it('says which release and flag it needs', () => {
  const text = shop(route(API), policy([ROUTE]))
  const off = { ENABLE_GATEWAY_API_HTTPROUTE_AUTH: false }
  expect(rulesFor(text)).toEqual([])
  expect(rulesFor(text, off).sort()).toEqual(REJECTED)
  const views = new Views(text)
  expect(views.explain('AuthorizationPolicy', 'shop', 'p').summary).toBe(
    'rejected by the API server: not in the cluster',
  )
  expect(views.evaluate({ from: {}, to: { service: 'shop/api', port: 80 } }).assumptions).toContain(
    'the AuthorizationPolicy shop/p is rejected by the API server, and no earlier version of it is in the cluster',
  )
})

it('is enforced by the ingress gateway of the route', () => {
  const target = (parent: Readonly<Record<string, string>>) => {
    const explanation = new Views(shop(route(parent), policy([ROUTE])), { flags: FLAGS }).explain(
      'AuthorizationPolicy',
      'shop',
      'p',
    )
    return 'targets' in explanation
      ? explanation.targets.map(({ enforcedBy, enforcer }) => [enforcedBy, enforcer])
      : []
  }
  expect(target({ name: 'door' })).toEqual([['gateway', 'shop/door']])
  expect(target(API)).toEqual([['unknown', null]])
})
