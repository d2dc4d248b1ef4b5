import { describe, expect, it } from 'vitest'
import { oneCase, oneRule, ONLY_WEB, outcomes, runIn, SHOP } from '../testing/accessTests.js'
import { peerAuthentication } from '../testing/index.js'

describe('a case', () => {
  const fromWeb = '{from: shop/web, to: "service shop/api:80"}'
  const fromApi = '{from: shop/api, to: "service shop/api:80"}'

  it.each([
    [oneCase(fromWeb), 'passed'],
    [oneCase(fromApi, 'expect: deny'), 'passed'],
    [oneCase(fromApi), 'failed: The request is denied, but must be allowed.'],
    [oneCase(fromWeb, 'expect: deny'), 'failed: The request is allowed, but must be denied.'],
    [oneCase(fromWeb, 'expect: allow, by: shop/only-web'), 'passed'],
    [oneCase(fromApi, 'expect: deny, by: shop/only-web'), 'passed'],
    [
      oneCase(fromWeb, 'expect: allow, by: shop/other'),
      'failed: The request is allowed, but "shop/other" must decide: allowed by shop/only-web.',
    ],
    [
      oneCase('{from: [shop/web, shop/api, outside], to: "service shop/api:80"}'),
      'failed: The request from shop/api is denied, but must be allowed. The request from a client (outside the mesh) is denied, but must be allowed.',
    ],
    [
      oneCase(
        '{from: shop/web, to: "service shop/api:80", http: {method: [GET, POST], path: [/, /b], host: [a, b]}}',
        'expect: undecided',
      ),
      `failed: ${['GET /', 'GET /b', 'POST /', 'POST /b']
        .flatMap((http) =>
          ['a', 'b'].map(
            (host) =>
              `The request with ${http} for host ${host} is allowed, but must be undecided.`,
          ),
        )
        .join(' ')}`,
    ],
    [
      oneCase(
        '{from: shop/web, to: ["service shop/api:80", "workload shop/api:8080"]}',
        'expect: deny',
      ),
      'failed: The request to service shop/api:80 is allowed, but must be denied. The request to workload shop/api:8080 is allowed, but must be denied.',
    ],
  ])('%s', (tests, expected) => {
    expect(outcomes([...SHOP, ONLY_WEB], tests)).toEqual([expected])
  })

  it('a failure has the answer of each proxy and the nearest miss', () => {
    const [result] = runIn([...SHOP, ONLY_WEB], oneCase(fromApi))
    expect(result?.failures).toMatchObject([
      {
        request: { from: { serviceAccount: 'api' } },
        answer: { verdict: 'deny', hops: [{ point: 'ztunnel', verdict: 'deny' }] },
        nearestMiss: { verdict: 'allow' },
      },
    ])
  })

  it.each(['service shop/gone:80', 'workload shop/gone:8080', 'service shop/api:81'])(
    'the destination %s is not in the files, for each expected verdict',
    (target) => {
      for (const verdict of ['allow', 'deny', 'undecided']) {
        const [result] = outcomes(
          SHOP,
          oneCase(`{from: shop/web, to: "${target}"}`, `expect: ${verdict}`),
        )
        expect(result).toMatch(/^failed: There is no .* in these files\.$/)
      }
    },
  )

  it('a host without a ServiceEntry is outside the mesh', () => {
    expect(outcomes(SHOP, oneCase('{from: outside, to: "host x.example:443"}'))).toEqual(['passed'])
  })

  const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n'

  it('a destination that can be a template is skipped', () => {
    for (const verdict of ['allow', 'deny', 'undecided'])
      expect(
        outcomes(
          [...SHOP, template],
          oneCase('{from: shop/web, to: "service shop/gone:80"}', `expect: ${verdict}`),
        ),
      ).toEqual([
        'skipped: There is no Service shop/gone in these files, which have templates of Service that are not rendered.',
      ])
    expect(outcomes([...SHOP, template], oneCase(fromWeb))).toEqual(['passed'])
  })

  it('a rule is not proven where a destination can be a template', () => {
    const rule = oneRule('never: {from: outside, to: "namespace:shop", http: {}}')
    const [result] = outcomes([...SHOP, ONLY_WEB, template], rule)
    expect(result).toMatch(/^(failed|skipped)/)
    expect(
      outcomes(
        [...SHOP, ONLY_WEB, template],
        oneRule('never: {from: shop/api, to: ["service shop/api", "service shop/gone"]}'),
      ),
    ).toEqual([
      'skipped: The destinations are not all known: these files have templates of Service that are not rendered.',
    ])
  })
})

it('a PeerAuthentication decides by its name, and by the name in ztunnel', () => {
  const strict = peerAuthentication('shop/strict', { app: 'api', mode: 'STRICT' })
  const denied = (by: string): string =>
    oneCase('{from: {ip: 192.0.2.1}, to: "workload shop/api:8080"}', `expect: deny, by: ${by}`)
  const policyOfStrict = 'istio-system/istio_converted_static_strict'
  expect(outcomes([...SHOP, strict], denied(policyOfStrict))).toEqual(['passed'])
  expect(outcomes([...SHOP, strict], denied('shop/other'))[0]).toMatch(/^failed/)
  const withPort = peerAuthentication('shop/ports', {
    app: 'api',
    mode: 'STRICT',
    ports: { 9090: 'PERMISSIVE' },
  })
  for (const by of ['shop/ports', 'shop/converted_peer_authentication_ports'])
    expect(outcomes([...SHOP, withPort], denied(by))).toEqual(['passed'])
})
