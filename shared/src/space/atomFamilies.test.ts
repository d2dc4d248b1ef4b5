import { describe, expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, RequestSource, Verdict } from '../access/request.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { clientIn, closedExit, entry, openEntry, operator } from '../testing/egressMesh.js'
import {
  analyse,
  authorizationPolicy,
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
import { witnessOf } from './accessSpace.js'
import { cellOf } from './classOf.js'
import { Planner } from './plan.js'

// Each case needs one family of atoms: without it, two of its requests are in one class.
type Expected = readonly [from: RequestSource, http: RequestHttp | undefined, verdict: Verdict]

const IP = '203.0.113.9'
const client = (name: string, more: RequestSource = {}): RequestSource => {
  const [at, serviceAccount] = name.split('/')
  return { namespace: at, serviceAccount, ip: IP, ...more }
}
const OUTSIDE: RequestSource = { ip: IP }
const WEB = client('shop/web')
const GET = { method: 'GET', path: '/' }

function expectClasses(
  text: string,
  target: AccessRequest['to'],
  expected: readonly Expected[],
  settings: MeshSettings = {},
): void {
  const { mesh } = analyse(text, { world: 'closed', settings })
  const planner = new Planner([mesh])
  const plan = planner.plan(target)
  const parts = plan && 'parts' in plan ? plan.parts : []
  const found = expected.map(([source, http]) => {
    const request = { from: source, to: target, http }
    const cell = cellOf(planner, parts, request)
    const part = cell && parts[cell.part]
    return [
      evaluateRequest(mesh, request).verdict,
      part && evaluateRequest(mesh, witnessOf(part, target, cell.classes)).verdict,
    ]
  })
  expect(found).toEqual(expected.map(([, , verdict]) => [verdict, verdict]))
}

const API = { service: 'shop/api', port: 80 }
const POD = { workload: 'shop/api', port: 8080 }
const shop = (...others: readonly string[]): string =>
  documents(
    namespace('shop', { waypoint: 'waypoint' }),
    namespace('other'),
    waypoint('shop/waypoint', { for: 'all' }),
    service('shop/api'),
    deployment('shop/api', { serviceAccount: 'api' }),
    ...others,
  )
const bare = (...others: readonly string[]): string =>
  documents(namespace('shop'), namespace('other'), deployment('shop/api'), ...others)
const AT_API = { targetRefs: ['Service/api'] }
const deny = (rule: object, more: object = AT_API): string =>
  authorizationPolicy('shop/p', { action: 'DENY', rules: [{ ...rule }], ...more })

describe('the client', () => {
  it.each([
    ['principal', from({ principals: ['cluster.local/ns/other/sa/web'] })],
    ['namespace', from({ namespaces: ['other'] })],
    ['account', from({ serviceAccounts: ['other/web'] })],
  ])('at ztunnel: %s', (_, rule) => {
    expectClasses(bare(deny(rule, { app: 'api' })), POD, [
      [client('other/web'), undefined, 'deny'],
      [WEB, undefined, 'allow'],
      [OUTSIDE, undefined, 'allow'],
    ])
  })

  it.each([
    ['principal', from({ notPrincipals: ['cluster.local/ns/other/sa/web'] })],
    ['namespace', from({ notNamespaces: ['other'] })],
    ['account', from({ notServiceAccounts: ['other/web'] })],
  ])('at ztunnel, excluded: %s', (_, rule) => {
    expectClasses(bare(deny(rule, { app: 'api' })), POD, [
      [client('other/web'), undefined, 'allow'],
      [WEB, undefined, 'deny'],
    ])
  })

  it('the address at ztunnel', () => {
    for (const [rule, inside, outside] of [
      [from({ ipBlocks: ['203.0.113.0/24'] }), 'deny', 'allow'],
      [from({ notIpBlocks: ['203.0.113.0/24'] }), 'allow', 'deny'],
    ] as const)
      expectClasses(bare(deny(rule, { app: 'api' })), POD, [
        [WEB, undefined, inside],
        [client('shop/web', { ip: '10.0.0.1' }), undefined, outside],
      ])
  })

  it('an identity', () => {
    const rules = [from({ principals: ['*'] })]
    const policy = authorizationPolicy('shop/p', { app: 'api', rules })
    expectClasses(bare(policy), POD, [
      [WEB, undefined, 'allow'],
      [OUTSIDE, undefined, 'deny'],
    ])
  })

  it('a trust domain and its aliases', () => {
    const aliases = operator({ meshConfig: { trustDomainAliases: ['old.example'] } })
    expectClasses(shop(aliases, deployment('other/web', { serviceAccount: 'web' })), API, [
      [WEB, GET, 'allow'],
      [client('shop/web', { trustDomain: 'old.example' }), GET, 'allow'],
      [client('shop/web', { trustDomain: 'foreign.example' }), GET, 'deny'],
    ])
  })

  it('a namespace that istiod does not read', () => {
    const selectors = operator({
      meshConfig: {
        discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }],
      },
    })
    expectClasses(shop(selectors), API, [
      [WEB, GET, 'allow'],
      [client('other/web'), GET, 'deny'],
      [client('nowhere/web'), GET, 'deny'],
      [OUTSIDE, GET, 'allow'],
    ])
  })

  it('a pod on the host network', () => {
    const host = deployment('other/agent', {
      serviceAccount: 'agent',
      spec: { hostNetwork: true },
    })
    const policy = deny(from({ notNamespaces: ['shop'] }))
    expectClasses(shop(host, policy), API, [
      [client('other/agent'), GET, 'allow'],
      [client('other/web'), GET, 'deny'],
      [WEB, GET, 'allow'],
    ])
  })
})

describe('a host', () => {
  const SITE = { host: 'site.example.com', port: 80 }
  const apps = (...objects: readonly string[]): string =>
    documents(namespace('apps'), namespace('other'), ...objects)

  it('in two namespaces: the one of the client wins', () => {
    expectClasses(
      apps(closedExit('apps'), entry('apps/closed'), openEntry('other/open'), clientIn('apps')),
      SITE,
      [
        [client('apps/web'), GET, 'deny'],
        [client('other/web'), GET, 'allow'],
      ],
    )
  })

  it('that only some clients see', () => {
    const visibility = operator({
      meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } },
    })
    expectClasses(apps(visibility, closedExit('apps'), entry('apps/closed')), SITE, [
      [client('apps/web'), GET, 'deny'],
      [client('other/web'), GET, 'allow'],
      [client('nowhere/web'), GET, 'allow'],
    ])
  })

  it('without an address for clients without DNS capture', () => {
    const pod = (name: string, dnsCapture: string): string =>
      deployment(`apps/${name}`, {
        serviceAccount: name,
        podAnnotations: { 'ambient.istio.io/dns-capture': dnsCapture },
      })
    expectClasses(
      apps(closedExit('apps'), entry('apps/closed'), pod('on', 'true'), pod('off', 'false')),
      SITE,
      [
        [client('apps/on'), GET, 'deny'],
        [client('apps/off'), GET, 'allow'],
        [client('apps/web'), GET, 'deny'],
      ],
    )
  })
})

describe('a token', () => {
  const tokens = (jwtRules: readonly object[]): string =>
    object('RequestAuthentication', 'shop/t', {
      spec: { targetRefs: [{ group: '', kind: 'Service', name: 'api' }], jwtRules },
    })
  const A = { issuer: 'https://a.example' }
  const ofA = { claims: { iss: 'https://a.example', sub: 'user' } }
  const foreign = { claims: { iss: 'https://b.example', sub: 'user' } }

  it('that is required', () => {
    expectClasses(shop(tokens([{ ...A, presence: 'REQUIRED' }])), API, [
      [WEB, GET, 'deny'],
      [WEB, ofA, 'allow'],
      [WEB, foreign, 'deny'],
      [WEB, { requestPrincipal: 'https://a.example/user' }, 'allow'],
    ])
  })

  it('of any issuer that is required', () => {
    const any = { jwksUri: 'https://a.example/keys', presence: 'REQUIRED' }
    expectClasses(shop(tokens([any])), API, [
      [WEB, GET, 'deny'],
      [WEB, ofA, 'undecided'],
      [WEB, foreign, 'undecided'],
    ])
  })

  it('that is required on a port for HTTP and other traffic', () => {
    const ports = [{ name: 'any', port: 80, targetPort: 8080 }]
    expectClasses(
      shop(tokens([{ ...A, presence: 'REQUIRED' }]), service('shop/any', { app: 'api', ports })),
      API,
      [[WEB, GET, 'deny']],
    )
  })

  it('that a policy reads', () => {
    const policy = deny(from({ requestPrincipals: ['https://a.example/user'] }))
    expectClasses(shop(tokens([A]), policy), API, [
      [WEB, ofA, 'deny'],
      [WEB, { claims: { iss: 'https://a.example', sub: 'other' } }, 'allow'],
      [WEB, foreign, 'allow'],
      [WEB, GET, 'allow'],
    ])
  })
})

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
