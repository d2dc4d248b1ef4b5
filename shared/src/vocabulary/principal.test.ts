import { describe, expect, it } from 'vitest'
import {
  accountPath,
  formatPrincipal,
  formatSpiffeId,
  isOneAccount,
  parsePrincipal,
  principalParts,
  shortPrincipal,
  withoutScheme,
} from './principal.js'
import { parseRequestPrincipal } from './requestPrincipal.js'
import { formatServiceAccount, hasNamespace, parseServiceAccount } from './serviceAccountName.js'

const WEB = { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'web' }

it('an identity is written as a principal, as a SPIFFE ID and as an account', () => {
  expect(formatPrincipal(WEB)).toBe('cluster.local/ns/shop/sa/web')
  expect(formatSpiffeId(WEB)).toBe('spiffe://cluster.local/ns/shop/sa/web')
  expect(accountPath(WEB)).toBe('ns/shop/sa/web')
  expect(formatServiceAccount(WEB)).toBe('shop/web')
})

describe('a principal', () => {
  it('is read with and without spiffe://, with and without a trust domain', () => {
    expect(parsePrincipal('cluster.local/ns/shop/sa/web')).toEqual({ ...WEB, hasScheme: false })
    expect(parsePrincipal('spiffe://cluster.local/ns/shop/sa/web')).toEqual({
      ...WEB,
      hasScheme: true,
    })
    expect(parsePrincipal('ns/shop/sa/web')).toEqual({ ...WEB, trustDomain: '', hasScheme: false })
    expect(parsePrincipal('*/ns/*/sa/web')).toEqual({
      trustDomain: '*',
      namespace: '*',
      serviceAccount: 'web',
      hasScheme: false,
    })
    expect(parsePrincipal('td/ns/?apps/shop/sa/web')?.namespace).toBe('?apps/shop')
  })

  it.each([
    '',
    '*',
    'cluster.local',
    'cluster.local/ns/shop',
    'cluster.local/ns/shop/*',
    'cluster.local/ns/shop/sa/',
    'cluster.local/ns/shop/sa/web/more',
    'cluster.local/ns//sa/web',
    'cluster.local/shop/web',
    'xns/shop/sa/web',
  ])('is not in %j', (text) => {
    expect(parsePrincipal(text)).toBeUndefined()
  })

  it('tells where its names are, those of a pattern included', () => {
    expect(principalParts('td/ns/shop/sa/web')).toEqual({
      hasScheme: false,
      trustDomain: 'td',
      namespace: { name: 'shop', span: { start: 6, end: 10 } },
      serviceAccount: { name: 'web', span: { start: 14, end: 17 } },
    })
    expect(principalParts('spiffe://td/ns/shop/*')).toEqual({
      hasScheme: true,
      trustDomain: 'td',
      namespace: { name: 'shop', span: { start: 15, end: 19 } },
      serviceAccount: undefined,
    })
    expect(principalParts('td/ns/shop')?.namespace.name).toBe('shop')
    expect(principalParts('td/ns/')).toBeUndefined()
  })

  it('is of one account where neither the namespace nor the account is a pattern', () => {
    expect(
      ['*/ns/shop/sa/web', 'td/ns/*/sa/web', 'td/ns/shop/sa/w*'].filter((text) => {
        const parsed = parsePrincipal(text)
        return parsed && isOneAccount(parsed)
      }),
    ).toEqual(['*/ns/shop/sa/web'])
  })

  it('has short forms', () => {
    expect(shortPrincipal('cluster.local/ns/shop/sa/web')).toBe('shop/web')
    expect(shortPrincipal('cluster.local/*')).toBe('cluster.local/*')
    expect(withoutScheme('spiffe://td/ns/a/sa/b')).toBe('td/ns/a/sa/b')
    expect(withoutScheme('td/ns/a/sa/b')).toBe('td/ns/a/sa/b')
  })
})

it('a service account without a namespace is of the own one', () => {
  expect(parseServiceAccount('web', 'shop')).toEqual({ namespace: 'shop', serviceAccount: 'web' })
  expect(parseServiceAccount('dev/web', 'shop')).toEqual({
    namespace: 'dev',
    serviceAccount: 'web',
  })
  expect(['web', 'dev/web'].filter(hasNamespace)).toEqual(['dev/web'])
})

it('a request principal is split at its last slash', () => {
  expect(parseRequestPrincipal('https://issuer.example/ada')).toEqual({
    issuer: 'https://issuer.example',
    subject: 'ada',
  })
  expect(parseRequestPrincipal('ada')).toBeUndefined()
})
