import { describe, expect, it } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import * as builders from '../testing/builders.js'
import type { Fields, Labels } from '../testing/index.js'
import {
  AMBIENT,
  answer,
  fromAccounts,
  gateway,
  hops,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  targetRef,
  TO_API,
  TO_API_POD,
  toOperation,
  toService,
  USE_WAYPOINT,
  verdict,
  WEB,
} from '../testing/shopMesh.js'
import type { AccessRequest } from './request.js'

describe('the way through waypoints', () => {
  const ingress = { namespace: 'shop', serviceAccount: 'door-istio' }
  const points = (
    from: AccessRequest['from'],
    {
      labels = USE_WAYPOINT,
      ns = AMBIENT,
      to = TO_API,
      settings = {},
    }: { labels?: Labels; ns?: Labels; to?: AccessRequest['to']; settings?: MeshSettings } = {},
  ): string =>
    answer(
      [
        namespace('shop', ns),
        pod('web'),
        pod('api'),
        gateway('waypoint'),
        gateway('door', { className: 'istio' }),
        service('api', { labels }),
      ],
      { from, to },
      settings,
    )
      .hops.map(({ point }) => point)
      .join(' ')
  const BOTH = 'waypoint ztunnel'

  it.each<[string, string, string]>([
    ['an ambient client', points(WEB), BOTH],
    ['an ambient client that sends to a pod address', points(WEB, { to: TO_API_POD }), 'ztunnel'],
    ['a Service without a waypoint', points(WEB, { labels: {} }), 'ztunnel'],
    ['a client outside the mesh', points({}), 'ztunnel'],
    ['an ingress gateway', points(ingress), 'ztunnel'],
    ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((value): [string, string, string] => [
      `an ingress gateway and istio.io/ingress-use-waypoint "${value}"`,
      points(ingress, { labels: { ...USE_WAYPOINT, 'istio.io/ingress-use-waypoint': value } }),
      BOTH,
    ]),
    ...['yes', '0', 'tRUE', '', 'on'].map((value): [string, string, string] => [
      `an ingress gateway and istio.io/ingress-use-waypoint "${value}"`,
      points(ingress, { labels: { ...USE_WAYPOINT, 'istio.io/ingress-use-waypoint': value } }),
      'ztunnel',
    ]),
    [
      'an ingress gateway and the label on the Namespace',
      points(ingress, { ns: { ...AMBIENT, 'istio.io/ingress-use-waypoint': 'true' } }),
      BOTH,
    ],
    [
      'an ingress gateway and a bad value on the Service',
      points(ingress, {
        ns: { ...AMBIENT, 'istio.io/ingress-use-waypoint': 'true' },
        labels: { ...USE_WAYPOINT, 'istio.io/ingress-use-waypoint': 'yes' },
      }),
      'ztunnel',
    ],
    [
      'an ingress gateway and the flag switched off',
      points(ingress, {
        labels: { ...USE_WAYPOINT, 'istio.io/ingress-use-waypoint': 'true' },
        settings: { flags: { ENABLE_INGRESS_WAYPOINT_ROUTING: false } },
      }),
      'ztunnel',
    ],
    [
      'an ingress gateway that sends to a pod address',
      points(ingress, {
        labels: { ...USE_WAYPOINT, 'istio.io/ingress-use-waypoint': 'true' },
        to: TO_API_POD,
      }),
      'ztunnel',
    ],
  ])('the route is right for %s', (_, found, expected) => {
    expect(found).toBe(expected)
  })

  it('a workload waypoint takes traffic to pod addresses, under its own policies', () => {
    const objects = [
      namespace('shop', { ...AMBIENT, ...USE_WAYPOINT }),
      pod('web'),
      pod('api'),
      service('api', { labels: {} }),
      gateway('waypoint', { labels: { 'istio.io/waypoint-for': 'all' } }),
    ]
    const to = TO_API_POD
    const deny = (spec: Fields): string =>
      policy('no', {
        ...spec,
        action: 'DENY',
        rules: [toOperation({ methods: ['GET'] })],
      })
    expect(hops(objects, { to })).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 8080: allow',
      'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8080: allow',
    ])
    expect(verdict([...objects, deny(toService('api'))], { to })).toBe('allow')
    expect(verdict([...objects, deny(toService('api'))])).toBe('deny')
    const atGateway = deny({
      ...targetRef('Gateway', 'waypoint'),
    })
    expect(verdict([...objects, atGateway], { to })).toBe('deny')
    expect(
      hops([...objects, atGateway], { from: { namespace: 'shop', serviceAccount: 'car' }, to }),
    ).toHaveLength(1)
  })

  it('a client address hidden by a waypoint is undecided only if it changes the verdict', () => {
    const allow = (...blocks: string[]): string[] => [
      ...SHOP,
      policy('p', { rules: [{ from: [{ source: { ipBlocks: blocks } }] }] }),
    ]
    expect(answer(allow('10.0.0.0/8'))).toMatchObject({
      verdict: 'undecided',
      hops: [
        {},
        {
          point: 'ztunnel',
          verdict: 'undecided',
          reason: 'depends on an address that the request does not specify',
          policy: null,
          rule: null,
          place: undefined,
          evidence: [],
        },
      ],
    })
    expect(verdict(allow('0.0.0.0/0', '::/0'))).toBe('allow')
    expect(verdict(allow('0.0.0.0/1', '128.0.0.0/1'))).toBe('allow')
    expect(verdict(allow('0.0.0.0/1', '128.0.0.0/2'))).toBe('undecided')
    expect(verdict(allow('fd00::/8'))).toBe('undecided')
    expect(verdict(allow('128.0.0.0/1'))).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [{ from: [{ source: { notIpBlocks: ['10.0.0.0/8'] } }] }],
        }),
      ]),
    ).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [
            { ...fromAccounts('other'), when: [{ key: 'source.ip', values: ['10.0.0.0/8'] }] },
          ],
        }),
      ]),
    ).toBe('allow')
    const direct = { to: TO_API_POD }
    expect(verdict(allow('10.0.0.0/8'), direct)).toBe('allow')
    expect(verdict(allow('10.0.0.2/32'), direct)).toBe('deny')
    expect(verdict(allow('10.0.0.0/8'), { ...direct, from: { ...WEB, ip: undefined } })).toBe(
      'undecided',
    )
    expect(
      verdict(allow('10.0.0.1/32', '192.168.0.0/16'), {
        ...direct,
        from: { ...WEB, ip: '::ffff:10.0.0.1' },
      }),
    ).toBe('allow')
    expect(verdict(allow('10.0.0.0/8'), { ...direct, from: { ...WEB, ip: 'nonsense' } })).toBe(
      'deny',
    )
    expect(
      verdict(
        [
          ...SHOP,
          policy('p', { rules: [{ when: [{ key: 'destination.ip', values: ['10.0.0.0/8'] }] }] }),
        ],
        direct,
      ),
    ).toBe('undecided')
    expect(
      verdict(
        [
          ...SHOP,
          policy('p', {
            action: 'DENY',
            rules: [{ when: [{ key: 'destination.ip', notValues: ['10.0.0.0/8'] }] }],
          }),
        ],
        direct,
      ),
    ).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [{ from: [{ source: { ipBlocks: ['::ffff:10.0.0.0/104'] } }] }],
        }),
      ]),
    ).toBe('allow')
  })

  it('a request is undecided where waypoint and canary decide differently', () => {
    const canary = { ...USE_WAYPOINT, 'istio.io/use-waypoint-canary': 'next' }
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api'),
      gateway('waypoint'),
      gateway('next'),
      builders.service('shop/api', {
        labels: canary,
        annotations: { 'istio.io/use-waypoint-canary-weight': '50' },
      }),
    ]
    const ready = ['the waypoint shop/waypoint is ready', 'the waypoint shop/next is ready']
    expect(answer(objects)).toMatchObject({
      verdict: 'allow',
      hops: [{ name: 'shop/waypoint' }, { name: 'shop/api' }],
      assumptions: ready,
    })
    const only = policy('only', { rules: [fromAccounts('next')] })
    expect(answer([...objects, only]).assumptions).toEqual([
      ...ready,
      'some connections use the canary waypoint, which gives another verdict',
    ])
    expect(answer([...objects, only])).toMatchObject({
      verdict: 'undecided',
      hops: [
        { name: 'shop/waypoint' },
        { verdict: 'deny' },
        { name: 'shop/next' },
        { verdict: 'allow' },
      ],
    })
    expect(hops([...objects, only], {}, { istioVersion: '1.30' })).toHaveLength(2)
  })
})
