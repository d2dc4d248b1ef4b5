import { describe, expect, it } from 'vitest'
import { object, peerAuthentication, type Fields } from '../testing/index.js'
import {
  answer,
  answerWithPlaces,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  SIDECAR,
  TO_API_POD,
  toOperation,
  toService,
  verdict,
} from '../testing/shopMesh.js'
import type { AccessRequest } from './request.js'

describe('sidecars', () => {
  const car = [
    namespace('shop'),
    pod('web'),
    pod('api', { labels: SIDECAR }),
    service('api', { labels: {} }),
  ]
  const get = toOperation({ methods: ['GET'] })
  const strict = peerAuthentication('shop/p', { mode: 'STRICT' })

  it('a sidecar enforces policies without targetRefs, with HTTP and the client address', () => {
    expect(
      answerWithPlaces([
        ...car,
        policy('p', { rules: [{ ...get, from: [{ source: { ipBlocks: ['10.0.0.1'] } }] }] }),
      ]),
    ).toMatchObject({
      verdict: 'allow',
      hops: [
        {
          point: 'sidecar',
          name: 'shop/api',
          identity: 'cluster.local/ns/shop/sa/web',
          port: 8080,
          reason: 'allow policy match',
          policy: 'shop/p',
          rule: 0,
          place: 'p spec.rules.0',
        },
      ],
    })
    expect(verdict([...car, policy('p', { ...toService('api') })])).toBe('allow')
    expect(verdict([...car, policy('p', { selector: { matchLabels: { app: 'other' } } })])).toBe(
      'allow',
    )
    expect(verdict([...car, policy('p', { selector: {} })])).toBe('deny')
    expect(verdict([...car, policy('p', {}, { in: 'istio-system' })])).toBe('deny')
    expect(verdict([...car, policy('p', {}, { in: 'other' })])).toBe('allow')
  })

  it('a sidecar reads a port as plain TCP if every Service says so', () => {
    const tcp = (...services: string[]): string =>
      verdict([...car.slice(0, 3), ...services, policy('p', { rules: [get] })], {
        to: TO_API_POD,
      })
    const named = (name: string, port: string, targetPort: unknown = 8080): string =>
      object('Service', `shop/${name}`, {
        spec: { selector: { app: 'api' }, ports: [{ name: port, port: 80, targetPort }] },
      })
    expect(tcp()).toBe('allow')
    expect(tcp(named('a', 'http'))).toBe('allow')
    expect(tcp(named('a', 'tcp'))).toBe('deny')
    expect(tcp(named('a', 'tcp', 'web'))).toBe('deny')
    expect(tcp(named('a', 'tcp', 9090))).toBe('allow')
    expect(tcp(named('a', 'tcp'), named('b', 'http'))).toBe('allow')
    expect(tcp(named('a', 'tcp'), named('b', 'tls'))).toBe('deny')
  })

  it('a sidecar rejects plaintext where PeerAuthentication sets STRICT', () => {
    expect(answerWithPlaces([...car, strict], { from: {} })).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'sidecar',
          identity: null,
          verdict: 'deny',
          reason: 'filter_chain_not_found',
          policy: null,
          rule: null,
          evidence: [],
        },
      ],
    })
    expect(answer([...car, strict, policy('p', {})], { from: {} })).toMatchObject({
      hops: [{ reason: 'filter_chain_not_found', evidence: [] }],
    })
    expect(verdict([...car, strict])).toBe('allow')
    expect(verdict(car, { from: {} })).toBe('allow')
    const except = peerAuthentication('shop/q', { app: 'api', ports: { 8080: 'DISABLE' } })
    expect(verdict([...car, strict, except], { from: {} })).toBe('allow')
  })
})

describe('tokens', () => {
  const token = (issuers: string[], spec: Fields = toService('api')): string =>
    object('RequestAuthentication', `shop/${issuers.join('-')}`, {
      spec: { ...spec, jwtRules: issuers.map((issuer) => ({ issuer })) },
    })
  const needs = (requestPrincipals: string[], spec: Fields = toService('api')): string =>
    policy('p', { ...spec, rules: [{ from: [{ source: { requestPrincipals } }] }] })
  const withToken = (objects: readonly string[], http: AccessRequest['http']): string =>
    verdict([...SHOP, ...objects], { http })

  it('a token counts where a RequestAuthentication verifies its issuer', () => {
    expect(withToken([needs(['*'])], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(withToken([needs(['*']), token(['i'])], { requestPrincipal: 'i/s' })).toBe('allow')
    expect(withToken([needs(['*']), token(['x', 'i'])], { requestPrincipal: 'i/s' })).toBe('allow')
    expect(withToken([needs(['*']), token(['x']), token(['i'])], { requestPrincipal: 'i/s' })).toBe(
      'allow',
    )
    expect(withToken([needs(['*']), token(['x'])], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(
      withToken([needs(['*']), token(['i'], toService('other'))], { requestPrincipal: 'i/s' }),
    ).toBe('deny')
    expect(withToken([needs(['*']), token(['i'], {})], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(withToken([needs(['*']), token(['i'])], {})).toBe('deny')
  })

  it('a token is issuer and subject, split at the last slash, or claims', () => {
    const https = [token(['https://i'])]
    expect(withToken([needs(['https://i/s']), ...https], { requestPrincipal: 'https://i/s' })).toBe(
      'allow',
    )
    expect(withToken([needs(['https://i/t']), ...https], { requestPrincipal: 'https://i/s' })).toBe(
      'deny',
    )
    expect(withToken([needs(['/s']), token([''])], { requestPrincipal: '/s' })).toBe('deny')
    expect(withToken([needs(['*']), token(['issuer'])], { requestPrincipal: 'issuer' })).toBe(
      'deny',
    )
    expect(withToken([needs(['*']), token(['issue'])], { requestPrincipal: 'issuer' })).toBe('deny')
    expect(
      withToken([needs(['i/c']), token(['i'])], {
        claims: { iss: 'i', sub: 'c' },
        requestPrincipal: 'i/s',
      }),
    ).toBe('allow')
    expect(withToken([needs(['*']), token(['i'])], { claims: { sub: 'c' } })).toBe('deny')
  })

  it('a sidecar verifies tokens too', () => {
    const car = [
      namespace('shop'),
      pod('web'),
      pod('api', { labels: SIDECAR }),
      service('api', { labels: {} }),
    ]
    expect(
      verdict([...car, needs(['*'], {}), token(['i'], {})], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('allow')
    expect(
      verdict([...car, needs(['*'], {}), token(['i'])], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('deny')
  })
})
