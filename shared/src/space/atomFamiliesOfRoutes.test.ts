import { describe, it } from 'vitest'
import type { RequestHttp, RequestSource } from '../access/request.js'
import {
  deployment,
  documents,
  from,
  namespace,
  object,
  requestAuthentication,
  service,
  to,
  waypoint,
} from '../testing/index.js'
import {
  client,
  OUTSIDE,
  WEB,
  GET,
  expectClasses,
  API,
  shop,
  deny,
} from '../testing/spaceClasses.js'

describe('routes', () => {
  const route = (match: object): string =>
    object('HTTPRoute', 'shop/orders', {
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'api' }],
        rules: [
          { matches: [match], backendRefs: [{ name: 'gone', port: 80 }] },
          { backendRefs: [{ name: 'api', port: 80 }] },
        ],
      },
    })

  it.each<[string, object, RequestHttp]>([
    ['path', { path: { type: 'Exact', value: '/x' } }, { path: '/x' }],
    ['method', { method: 'PUT' }, { method: 'PUT' }],
    ['header', { headers: [{ name: 'x-a', value: 'b' }] }, { headers: { 'x-a': 'b' } }],
    ['query', { queryParams: [{ name: 'q', value: '1' }] }, { path: '/?q=1' }],
  ])('match a %s', (_, match, http) => {
    expectClasses(shop(route(match)), API, [
      [WEB, http, 'undecided'],
      [WEB, GET, 'allow'],
    ])
  })

  it.each<[string, object, RequestHttp, RequestHttp]>([
    ['host', { authority: { exact: 'x' } }, { host: 'x' }, { host: 'y' }],
    [
      'absent header',
      { withoutHeaders: { 'x-a': { exact: 'b' } } },
      GET,
      { headers: { 'x-a': 'b' } },
    ],
  ])('of a VirtualService match the %s', (_, match, http, other) => {
    const virtual = object('VirtualService', 'shop/orders', {
      spec: {
        hosts: ['api'],
        http: [
          { match: [match], route: [{ destination: { host: 'gone' } }] },
          { route: [{ destination: { host: 'api' } }] },
        ],
      },
    })
    expectClasses(shop(virtual), API, [
      [WEB, http, 'undecided'],
      [WEB, other, 'allow'],
    ])
  })

  it('of a VirtualService read no host of a request that specifies none', () => {
    const virtual = object('VirtualService', 'shop/orders', {
      spec: {
        hosts: ['api'],
        http: [
          { match: [{ authority: { exact: 'x' } }], route: [{ destination: { host: 'gone' } }] },
          { route: [{ destination: { host: 'api' } }] },
        ],
      },
    })
    expectClasses(shop(virtual), API, [
      [WEB, { host: 'x' }, 'undecided'],
      [WEB, { host: 'y' }, 'allow'],
      [WEB, GET, 'undecided'],
    ])
  })

  it('are targets of policies, with a flag', () => {
    const targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'orders' }]
    const policy = deny(to({ methods: ['PUT'] }), { targetRefs })
    const target = object('HTTPRoute', 'shop/orders', {
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'api' }],
        rules: [{ backendRefs: [{ name: 'api', port: 80 }] }],
      },
    })
    expectClasses(
      shop(target, policy),
      API,
      [
        [WEB, { method: 'PUT' }, 'undecided'],
        [WEB, GET, 'allow'],
      ],
      { flags: { ENABLE_GATEWAY_API_HTTPROUTE_AUTH: true } },
    )
  })
})

describe('proxies', () => {
  const sidecar = deployment('shop/api', {
    podLabels: { 'sidecar.istio.io/inject': 'true' },
  })
  const PUT = { method: 'PUT' }

  it('the waypoint', () => {
    expectClasses(shop(deny(to({ methods: ['PUT'] }))), API, [
      [WEB, PUT, 'deny'],
      [WEB, GET, 'allow'],
      [OUTSIDE, PUT, 'allow'],
    ])
  })

  it('a sidecar that sees the client', () => {
    const text = documents(
      namespace('shop', { ambient: false }),
      service('shop/api'),
      sidecar,
      deny(to({ methods: ['PUT'] }), { app: 'api' }),
    )
    expectClasses(text, API, [
      [OUTSIDE, PUT, 'deny'],
      [OUTSIDE, GET, 'allow'],
    ])
  })

  it('a sidecar behind a waypoint', () => {
    const text = documents(
      namespace('shop', { waypoint: 'waypoint' }),
      waypoint('shop/waypoint'),
      service('shop/api'),
      sidecar,
      deny(to({ methods: ['PUT'] }), { app: 'api' }),
    )
    expectClasses(text, API, [
      [WEB, PUT, 'deny'],
      [WEB, GET, 'allow'],
    ])
  })

  it('a sidecar to which a route of a waypoint leads', () => {
    const labels = { 'sidecar.istio.io/inject': 'true' }
    const route = object('HTTPRoute', 'shop/orders', {
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'api' }],
        rules: [{ backendRefs: [{ name: 'old', port: 80 }] }],
      },
    })
    const text = shop(
      route,
      service('shop/old'),
      deployment('shop/old', { podLabels: labels }),
      deny(to({ methods: ['PUT'] }), { app: 'old' }),
    )
    expectClasses(text, API, [
      [WEB, PUT, 'deny'],
      [WEB, GET, 'allow'],
    ])
  })

  it.each<[string, RequestSource, boolean]>([
    ['that sees the client', OUTSIDE, false],
    ['behind a waypoint', WEB, true],
  ])('a sidecar %s verifies tokens', (_, source, ambient) => {
    const text = documents(
      namespace('shop', ambient ? { waypoint: 'waypoint' } : { ambient }),
      ...(ambient ? [waypoint('shop/waypoint')] : []),
      service('shop/api'),
      sidecar,
      requestAuthentication('shop/t', { app: 'api' }),
      deny(from({ requestPrincipals: ['*'] }), { app: 'api' }),
    )
    expectClasses(text, API, [
      [source, { requestPrincipal: 'https://issuer.example/user' }, 'deny'],
      [source, { requestPrincipal: 'https://foreign.example/user' }, 'allow'],
      [source, GET, 'allow'],
    ])
  })

  it('the CONNECT layer of a waypoint that selects policies, with a flag', () => {
    const flags = {
      ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true,
      ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: true,
    }
    expectClasses(
      shop(deny(from({ namespaces: ['other'] }), {})),
      API,
      [
        [client('other/web'), GET, 'undecided'],
        [WEB, GET, 'allow'],
      ],
      { flags },
    )
  })

  it('the CONNECT layer of a waypoint, with a flag', () => {
    const flags = { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true }
    const policy = deny(from({ namespaces: ['other'] }), { targetRefs: ['Gateway/waypoint'] })
    expectClasses(
      shop(policy),
      API,
      [
        [client('other/web'), GET, 'deny'],
        [WEB, GET, 'allow'],
      ],
      { flags },
    )
  })
})
