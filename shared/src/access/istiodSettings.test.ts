import { describe, expect, it } from 'vitest'
import { object, type Fields } from '../testing/index.js'
import {
  AMBIENT,
  answer,
  fromAccounts,
  gateway,
  install,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  SIDECAR,
  targetRef,
  TO_API_POD,
  toOperation,
  toService,
  verdict,
} from '../testing/shopMesh.js'

describe("what istiod's settings change", () => {
  const noRule = policy(
    'none',
    {
      targetRefs: [
        { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' },
      ],
    },
    { in: 'istio-system' },
  )

  it('policies for a GatewayClass are enforced since Istio 1.25', () => {
    expect(verdict([...SHOP, noRule])).toBe('deny')
    expect(verdict([...SHOP, noRule], {}, { istioVersion: '1.25' })).toBe('deny')
    expect(verdict([...SHOP, noRule], {}, { istioVersion: '1.24' })).toBe('allow')
  })

  it('PILOT_AUTO_ALLOW_WAYPOINT_POLICY allows the waypoint and no other client', () => {
    const settings = { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } }
    expect(answer(SHOP, {}, settings)).toMatchObject({
      verdict: 'allow',
      hops: [
        {},
        {
          verdict: 'allow',
          reason: 'allow policy match',
          policy: 'shop/istio_allow_waypoint_shop_waypoint',
          rule: null,
          place: undefined,
        },
      ],
    })
    const direct = { to: TO_API_POD }
    expect(answer(SHOP, direct, settings)).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          reason: 'allow policies exist, but none allowed',
          evidence: ['shop/istio_allow_waypoint_shop_waypoint'],
        },
      ],
    })
    expect(verdict(SHOP, direct)).toBe('allow')
  })

  it('two external authorizers are denied unless the flag allows them', () => {
    const ask = (name: string): string =>
      policy(name, { ...toService('api'), action: 'CUSTOM', provider: { name }, rules: [{}] })
    expect(verdict([...SHOP, ask('a'), ask('b')])).toBe('deny')
    expect(
      verdict(
        [...SHOP, ask('a'), ask('b')],
        {},
        { flags: { PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: true } },
      ),
    ).toBe('undecided')
  })

  it('an external authorizer that MeshConfig lacks is denied, and one that it has decides', () => {
    const ask = policy('ask', {
      ...toService('api'),
      action: 'CUSTOM',
      provider: { name: 'opa' },
      rules: [{}],
    })
    const listing = (name: string): string =>
      install('default', { extensionProviders: [{ name, envoyExtAuthzGrpc: {} }] })
    expect(verdict([...SHOP, ask, listing('keycloak')])).toBe('deny')
    expect(verdict([...SHOP, ask, listing('opa')])).toBe('undecided')
    expect(verdict([...SHOP, ask])).toBe('undecided')
  })

  it('a request is undecided where the CONNECT layer of a waypoint would deny it', () => {
    const on = { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } }
    const REASON =
      'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES is on, and its effect here is not known'
    const onWaypoint = (spec: Fields, where = 'shop'): string =>
      policy(
        'p',
        {
          ...spec,
          selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'waypoint' } },
        },
        { in: where },
      )
    expect(answer([...SHOP, onWaypoint({})], {}, on)).toMatchObject({
      verdict: 'undecided',
      hops: [{ point: 'waypoint', verdict: 'undecided', reason: REASON, policy: null }, {}],
    })
    expect(answer([...SHOP, onWaypoint({ action: 'DENY', rules: [{}] })], {}, on)).toMatchObject({
      hops: [{ verdict: 'undecided', reason: REASON, policy: 'shop/p', rule: 0, evidence: [] }, {}],
    })
    expect(verdict([...SHOP, onWaypoint({})])).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({})], {}, { ...on, istioVersion: '1.24' })).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({})], {}, { ...on, istioVersion: '1.25' })).toBe(
      'undecided',
    )
    expect(verdict([...SHOP, onWaypoint({}, 'istio-system')], {}, on)).toBe('undecided')
    expect(verdict([...SHOP, onWaypoint({}, 'other')], {}, on)).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({ rules: [fromAccounts('web')] })], {}, on)).toBe('allow')
    expect(
      verdict([...SHOP, onWaypoint({ rules: [toOperation({ methods: ['GET'] })] })], {}, on),
    ).toBe('undecided')
    expect(
      verdict([...SHOP, onWaypoint({ action: 'DENY', rules: [fromAccounts('web')] })], {}, on),
    ).toBe('undecided')
    const atGateway = (rules: Fields[]): string =>
      policy('g', {
        ...targetRef('Gateway', 'waypoint'),
        rules,
      })
    expect(verdict([...SHOP, atGateway([toOperation({ methods: ['GET'] })])], {}, on)).toBe(
      'undecided',
    )
    expect(verdict([...SHOP, atGateway([{}])], {}, on)).toBe('allow')
    expect(answer([...SHOP, atGateway([])], {}, on)).toMatchObject({
      verdict: 'deny',
      hops: [{ verdict: 'deny', reason: 'rbac_access_denied_matched_policy[none]' }],
    })
    expect(verdict([...SHOP, policy('s', { ...toService('api'), rules: [{}] })], {}, on)).toBe(
      'allow',
    )
    const labelled = [
      ...SHOP.slice(0, 4),
      gateway('waypoint', { labels: { tier: 'edge' } }),
      policy('p', { selector: { matchLabels: { tier: 'edge' } } }),
    ]
    expect(verdict(labelled, {}, on)).toBe('undecided')
    const infrastructure = [
      ...SHOP.slice(0, 4),
      object('Gateway', 'shop/waypoint', {
        spec: {
          gatewayClassName: 'istio-waypoint',
          infrastructure: { labels: { tier: 'edge' } },
          listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
        },
      }),
      policy('p', { selector: { matchLabels: { tier: 'edge' } } }),
    ]
    expect(verdict(infrastructure, {}, on)).toBe('undecided')
  })

  it('a captured pod in a namespace that istiod does not see gets no connection', () => {
    const selectors = install('default', { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] })
    expect(answer([...SHOP, selectors])).toMatchObject({
      verdict: 'deny',
      hops: [{ point: 'ztunnel', identity: 'cluster.local/ns/shop/sa/web' }],
    })
    expect(answer([...SHOP, selectors], { to: TO_API_POD })).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'ztunnel',
          verdict: 'deny',
          reason: 'timed out waiting for workload',
          policy: null,
        },
      ],
    })
    expect(
      verdict([namespace('shop', { ...AMBIENT, seen: 'yes' }), ...SHOP.slice(1), selectors]),
    ).toBe('allow')
    const root = [namespace('shop', { ...AMBIENT, seen: 'yes' }), ...SHOP.slice(1), selectors]
    expect(verdict([...root, namespace('istio-system', { seen: 'yes' }), noRule])).toBe('deny')
    expect(verdict([...root, namespace('istio-system', {}), noRule])).toBe('allow')
    const atSidecar = [
      namespace('shop', { seen: 'yes' }),
      pod('web'),
      pod('api', { labels: SIDECAR }),
      service('api', { labels: {} }),
      selectors,
      policy('none', {}, { in: 'istio-system' }),
    ]
    expect(verdict([...atSidecar, namespace('istio-system', { seen: 'yes' })])).toBe('deny')
    expect(verdict([...atSidecar, namespace('istio-system', {})])).toBe('allow')
  })

  it('a RequestAuthentication counts only in a namespace that istiod sees', () => {
    const selectors = install('default', { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] })
    const objects = [
      namespace('shop', { ...AMBIENT, seen: 'yes' }),
      ...SHOP.slice(1),
      selectors,
      policy('p', {
        ...toService('api'),
        rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }],
      }),
      object('RequestAuthentication', 'istio-system/t', {
        spec: {
          targetRefs: [
            { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' },
          ],
          jwtRules: [{ issuer: 'i' }],
        },
      }),
    ]
    expect(
      verdict([...objects, namespace('istio-system', { seen: 'yes' })], {
        http: { requestPrincipal: 'i/s' },
      }),
    ).toBe('allow')
    expect(
      verdict([...objects, namespace('istio-system', {})], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('deny')
  })

  it('an answer lists the settings that differ between installs', () => {
    const installs = [install('a', { trustDomain: 'x' }), install('b', { trustDomain: 'y' })]
    expect(answer([...SHOP, ...installs]).assumptions).toEqual([
      'it is not known from these files which value trustDomain has: its default is used',
      'the waypoint shop/waypoint is ready',
    ])
  })
})
