import { describe, expect, it } from 'vitest'
import {
  answer,
  gateway,
  hops,
  install,
  namespace,
  NOT_AMBIENT,
  pod,
  policy,
  SHOP,
  SIDECAR,
  TO_API_POD,
  toService,
  verdict,
  WEB,
} from '../testing/shopMesh.js'
import type { AccessRequest } from './request.js'

describe('clients', () => {
  const atApi = (from: AccessRequest['from'], objects: readonly string[] = []): string[] => {
    const { hops: found, assumptions } = answer([...SHOP, ...objects], { from })
    return [
      ...found.map(({ point, identity }) => `${point} ${identity ?? 'no identity'}`),
      ...assumptions.filter((assumption) => assumption.startsWith('the client')),
    ]
  }
  const THROUGH = 'ztunnel cluster.local/ns/shop/sa/waypoint'
  const known = (account: string): string => `waypoint cluster.local/ns/shop/sa/${account}`

  it.each<[string, string[], string[]]>([
    ['an ambient pod', atApi(WEB), [known('web'), THROUGH]],
    ['a client without identity', atApi({}), ['ztunnel no identity']],
    ['an address outside the mesh', atApi({ ip: '1.2.3.4' }), ['ztunnel no identity']],
    ['an account without a namespace', atApi({ serviceAccount: 'web' }), ['ztunnel no identity']],
    ['a namespace without an account', atApi({ namespace: 'shop' }), ['ztunnel no identity']],
    [
      'an account that no workload uses',
      atApi({ namespace: 'shop', serviceAccount: 'x' }),
      [known('x'), THROUGH, 'the client shop/x runs in a pod in ambient mode'],
    ],
    [
      'a pod with a sidecar',
      atApi({ namespace: 'shop', serviceAccount: 'car' }, [pod('car', { labels: SIDECAR })]),
      ['ztunnel cluster.local/ns/shop/sa/car'],
    ],
    [
      'a pod outside the mesh',
      atApi({ namespace: 'shop', serviceAccount: 'out' }, [pod('out', { labels: NOT_AMBIENT })]),
      ['ztunnel no identity'],
    ],
    [
      'the account of an ingress Gateway',
      atApi({ namespace: 'shop', serviceAccount: 'door-istio' }, [
        gateway('door', { className: 'istio' }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/door-istio'],
    ],
    [
      'the account of an ingress gateway pod',
      atApi({ namespace: 'shop', serviceAccount: 'door' }, [
        pod('door', { labels: { istio: 'ingressgateway', 'istio.io/dataplane-mode': 'none' } }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/door'],
    ],
    [
      'an account that is not the one of the Gateway',
      atApi({ namespace: 'shop', serviceAccount: 'other-istio' }, [
        gateway('door', { className: 'istio' }),
      ]),
      [known('other-istio'), THROUGH, 'the client shop/other-istio runs in a pod in ambient mode'],
    ],
    [
      'the account of a waypoint',
      atApi({ namespace: 'shop', serviceAccount: 'waypoint' }),
      [known('waypoint'), THROUGH, 'the client shop/waypoint runs in a pod in ambient mode'],
    ],
    [
      'a pod with a placeholder as its mode',
      atApi({ namespace: 'shop', serviceAccount: 'open' }, [
        pod('open', { labels: { 'istio.io/dataplane-mode': '${MODE}' } }),
      ]),
      [known('open'), THROUGH, 'the client shop/open runs in a pod in ambient mode'],
    ],
    [
      'an account of an ambient pod and a sidecar pod',
      atApi({ namespace: 'shop', serviceAccount: 'web' }, [
        pod('car', { account: 'web', labels: SIDECAR }),
      ]),
      [known('web'), THROUGH, 'the client shop/web runs in a pod in ambient mode'],
    ],
    [
      'an account of a sidecar pod and a pod outside the mesh',
      atApi({ namespace: 'shop', serviceAccount: 'x' }, [
        pod('car', { account: 'x', labels: SIDECAR }),
        pod('out', { account: 'x', labels: NOT_AMBIENT }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/x', 'the client shop/x runs in a pod with a sidecar'],
    ],
    [
      'an account of a gateway and a pod outside the mesh',
      atApi({ namespace: 'shop', serviceAccount: 'door-istio' }, [
        gateway('door', { className: 'istio' }),
        pod('out', { account: 'door-istio', labels: NOT_AMBIENT }),
      ]),
      [
        'ztunnel cluster.local/ns/shop/sa/door-istio',
        'the client shop/door-istio runs as an ingress gateway',
      ],
    ],
  ])('the proxies see the right identity of %s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})

describe('trust domains', () => {
  const mesh = (aliases: string[]): string =>
    install('default', { trustDomain: 'corp', trustDomainAliases: aliases })
  const otherDomain = { from: { ...WEB, trustDomain: 'other' } }
  const DENIED = {
    verdict: 'deny',
    reason: 'the client certificate has another trust domain',
    policy: null,
    rule: null,
    place: undefined,
    evidence: [],
  }
  const sidecar = [namespace('shop', { 'istio-injection': 'enabled' }), pod('api'), pod('web')]

  it('an identity has the trust domain of the mesh', () => {
    expect(hops([...SHOP, mesh([])])).toEqual([
      'waypoint shop/waypoint as corp/ns/shop/sa/web on 80: allow',
      'ztunnel shop/api as corp/ns/shop/sa/waypoint on 8080: allow',
    ])
  })

  it('another trust domain is denied before any policy, at Envoy unless it is an alias', () => {
    const any = policy('any', { ...toService('api'), action: 'DENY', rules: [{}] })
    expect(answer([...SHOP, mesh([]), any], otherDomain)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...DENIED, point: 'waypoint', identity: 'other/ns/shop/sa/web' }],
    })
    expect(verdict([...SHOP, mesh(['other'])], otherDomain)).toBe('allow')
    const toPod = { ...otherDomain, to: TO_API_POD }
    expect(answer([...SHOP, mesh(['other'])], toPod)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...DENIED, point: 'ztunnel' }],
    })
    expect(
      verdict([...SHOP, mesh(['other'])], { ...toPod, from: { ...WEB, trustDomain: 'corp' } }),
    ).toBe('allow')
    expect(answer([...sidecar, mesh([])], toPod)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...DENIED, point: 'sidecar' }],
    })
    expect(verdict([...sidecar, mesh(['other'])], toPod)).toBe('allow')
  })
})
