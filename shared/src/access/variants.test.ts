import { describe, expect, it } from 'vitest'
import { object } from '../testing/index.js'
import {
  answer,
  fromAccounts,
  namespace,
  NOT_AMBIENT,
  pod,
  policy,
  service,
  SHOP,
  verdict,
} from '../testing/shopMesh.js'

describe('several definitions', () => {
  const several =
    'these files have several definitions of an object or install, or leave a setting open: the verdict depends on it'
  const DENY = policy('p', { action: 'DENY', rules: [{}] })
  const NONE = policy('p', { action: 'DENY', rules: [fromAccounts('nobody')] })

  it.each<[string, readonly string[], readonly string[]]>([
    ['a policy', [DENY], [NONE]],
    ['a Service', [service('api')], [service('api', { spec: { selector: { app: 'web' } } })]],
    ['a pod', [pod('api')], [pod('api', { labels: NOT_AMBIENT })]],
    ['a Namespace', [namespace('shop')], [namespace('shop', {})]],
  ])('a request is undecided where two definitions of %s give two verdicts', (what, one, other) => {
    const kinds = what === 'a policy' ? SHOP : SHOP.filter((text) => !one.includes(text))
    const strict =
      what === 'a policy'
        ? []
        : [
            policy('only-api', {
              selector: { matchLabels: { app: 'api' } },
              action: 'DENY',
              rules: [{}],
            }),
          ]
    expect(answer([...kinds, ...strict, ...one, ...one]).assumptions).not.toContain(several)
    const [first, second] = [
      verdict([...kinds, ...strict, ...one]),
      verdict([...kinds, ...strict, ...other]),
    ]
    expect(first).not.toBe(second)
    expect(answer([...kinds, ...strict, ...one, ...other])).toMatchObject({
      verdict: 'undecided',
      assumptions: expect.arrayContaining([several]) as unknown,
    })
  })

  it('two definitions that deny different clients make only those clients undecided', () => {
    const allow = (account: string): string => policy('p', { rules: [fromAccounts(account)] })
    const objects = [namespace('shop'), pod('web'), pod('api'), service('api', { labels: {} })]
    expect(answer([...objects, allow('web'), allow('dev')], { id: 'q' })).toMatchObject({
      id: 'q',
      verdict: 'undecided',
      hops: [{ name: 'shop/api' }],
      assumptions: [several],
    })
    expect(verdict([...objects, allow('ops'), allow('dev')])).toBe('deny')
  })

  it('two definitions of an object outside the request change nothing', () => {
    expect(
      answer([
        ...SHOP,
        policy(
          'p',
          { selector: { matchLabels: { app: 'x' } }, action: 'DENY', rules: [{}] },
          { in: 'far' },
        ),
        policy('p', { rules: [] }, { in: 'far' }),
      ]).assumptions,
    ).not.toContain(several)
  })

  it('installs with different flags make a request undecided', () => {
    const pilot = (name: string, flag: string): string =>
      object('Istio', name, {
        spec: { values: { pilot: { env: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: flag } } } },
      })
    const objects = [
      ...SHOP,
      policy('p', { selector: { matchLabels: { app: 'api' } }, rules: [fromAccounts('web')] }),
    ]
    expect([
      verdict([...objects, pilot('a', 'true')]),
      verdict([...objects, pilot('a', 'false')]),
    ]).toEqual(['allow', 'deny'])
    // The spelling differs, the meaning does not.
    expect(verdict([...objects, pilot('a', 'true'), pilot('b', '1')])).toBe('allow')
    expect(answer([...objects, pilot('a', 'true'), pilot('b', 'false')])).toMatchObject({
      verdict: 'undecided',
      assumptions: [
        'it is not known from these files which value PILOT_AUTO_ALLOW_WAYPOINT_POLICY has: its default is used',
        'the waypoint shop/waypoint is ready',
        several,
      ],
    })
  })
})

describe('a trust domain that the files leave open', () => {
  const allow = (trustDomain: string): string =>
    policy('p', {
      selector: { matchLabels: { app: 'api' } },
      rules: [{ from: [{ source: { principals: [`${trustDomain}/ns/shop/sa/waypoint`] } }] }],
    })
  const istiod = (spec: object): string =>
    object('HelmRelease', 'istio-system/istiod', {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      spec: { chart: { spec: { chart: 'istiod', sourceRef: { name: 'istio' } } }, ...spec },
    })
  const placeholder = istiod({ values: { meshConfig: { trustDomain: '${TRUST_DOMAIN}' } } })
  const elsewhere = istiod({ valuesFrom: [{ kind: 'ConfigMap', name: 'istiod' }] })

  it.each([
    ['a placeholder', placeholder],
    ['values from the cluster', elsewhere],
  ])('is not known from %s', (_, install) => {
    expect(verdict([...SHOP, install, allow('corp.example')])).toBe('undecided')
    expect(verdict([...SHOP, install, allow('cluster.local')])).toBe('undecided')
    expect(verdict([...SHOP, install, policy('p', { rules: [fromAccounts('api')] })])).toBe('deny')
  })

  it('is the one that another install states', () => {
    const stated = object('Istio', 'default', {
      spec: { values: { meshConfig: { trustDomain: 'corp.example' } } },
    })
    expect(verdict([...SHOP, elsewhere, stated, allow('corp.example')])).toBe('allow')
    const own = istiod({
      values: { meshConfig: { trustDomain: 'corp.example' } },
      valuesFrom: [{ kind: 'ConfigMap', name: 'istiod' }],
    })
    expect(verdict([...SHOP, own, allow('corp.example')])).toBe('allow')
  })
})

it('a pod with a placeholder as its mode is assumed to be captured', () => {
  const open = pod('open', { app: 'api', labels: { 'istio.io/dataplane-mode': '${MODE}' } })
  const objects = [namespace('shop'), pod('web'), open, pod('api'), service('api', { labels: {} })]
  expect(answer(objects)).toMatchObject({
    verdict: 'allow',
    assumptions: ['shop/open is captured by ztunnel'],
    hops: [{ name: 'shop/open', point: 'ztunnel' }, { name: 'shop/api' }],
  })
  expect(verdict([...objects, policy('none', {})])).toBe('deny')
  expect(
    answer([
      namespace('shop', {}),
      pod('web'),
      pod('api'),
      service('api', { labels: {} }),
      policy('none', {}),
    ]),
  ).toMatchObject({ verdict: 'allow', hops: [] })
})
