import { describe, expect, it } from 'vitest'
import { fieldNamed, OPERATION_FIELDS, SOURCE_FIELDS } from './attributeFields.js'
import {
  ATTRIBUTE_NAMES,
  factsOf,
  isCertificateAttribute,
  isHttpAttribute,
  isTokenAttribute,
} from './attributes.js'
import { attributeOfKey, startsLikeBracketKey } from './whenKeys.js'

describe('fields', () => {
  it('are in the order of the API, each before the one for values that must not match', () => {
    expect(SOURCE_FIELDS.map(({ field }) => field)).toEqual([
      'principals',
      'notPrincipals',
      'requestPrincipals',
      'notRequestPrincipals',
      'namespaces',
      'notNamespaces',
      'ipBlocks',
      'notIpBlocks',
      'remoteIpBlocks',
      'notRemoteIpBlocks',
      'serviceAccounts',
      'notServiceAccounts',
      'trustDomains',
      'notTrustDomains',
    ])
    expect(OPERATION_FIELDS.map(({ field }) => field)).toEqual([
      'hosts',
      'notHosts',
      'ports',
      'notPorts',
      'methods',
      'notMethods',
      'paths',
      'notPaths',
    ])
  })

  it('are found by their name', () => {
    expect(fieldNamed('notPorts')).toEqual({
      field: 'notPorts',
      attribute: 'port',
      negated: true,
      layer: 'L4',
      format: 'port',
    })
    expect(fieldNamed('trustDomains')).toMatchObject({ attribute: 'trustDomain', negated: false })
    expect(fieldNamed('source.principal')).toBeUndefined()
  })
})

describe('keys', () => {
  it.each([
    ['source.ip', 'sourceIp', []],
    ['request.headers[x-env]', 'header', ['x-env']],
    ['request.headers[a][b]', 'header', ['a][b']],
    ['request.headers[…]', 'header', ['…']],
    ['request.auth.claims[role]', 'claim', ['role']],
    ['request.auth.claims[realm_access][roles]', 'claim', ['realm_access', 'roles']],
    ['experimental.envoy.filters.network.mysql_proxy[db.table]', 'filterState', ['db.table']],
  ])('%s names an attribute', (key, attribute, entry) => {
    expect(attributeOfKey(key)).toEqual({ attribute, entry })
  })

  it.each([
    '',
    'source.ip[a]',
    'source',
    'request.headers',
    'request.headers[]',
    'request.headersx[a]',
    'x.request.headers[a]',
    'request.headers[a]x',
    'requestxheaders[a]',
    'request.auth.claims[a]b[c]',
    'request.auth.claims[a][]',
    'request.auth.claims',
    'experimental.envoy.filters.a',
    'source.user',
  ])('%j is not known', (key) => {
    expect(attributeOfKey(key)).toBeUndefined()
  })

  it('with brackets are recognized by their start', () => {
    expect(
      [
        'request.headers',
        'request.headersx[a]',
        'request.auth.claims.x',
        'experimental.envoy.filters.',
        'request.auth.principal',
        'experimental.envoy.filter',
      ].filter(startsLikeBracketKey),
    ).toEqual([
      'request.headers',
      'request.headersx[a]',
      'request.auth.claims.x',
      'experimental.envoy.filters.',
    ])
  })
})

it('each attribute has a place, and no two share one', () => {
  const places = ATTRIBUTE_NAMES.map((name) => {
    const { source, operation, when } = factsOf(name)
    return [
      source?.field,
      source?.notField,
      operation?.field,
      operation?.notField,
      when?.key,
    ].filter((place) => place !== undefined)
  })
  expect(places.every((own) => own.length > 0)).toBe(true)
  expect(new Set(places.flat()).size).toBe(places.flat().length)
})

it('what a proxy reads from a request or a token exists on HTTP chains only', () => {
  expect(ATTRIBUTE_NAMES.filter(isHttpAttribute)).toEqual([
    'requestPrincipal',
    'host',
    'method',
    'path',
    'header',
    'audience',
    'presenter',
    'claim',
  ])
  expect(ATTRIBUTE_NAMES.filter(isTokenAttribute)).toEqual([
    'requestPrincipal',
    'audience',
    'presenter',
    'claim',
  ])
  expect(ATTRIBUTE_NAMES.filter(isCertificateAttribute)).toEqual([
    'principal',
    'namespace',
    'serviceAccount',
    'trustDomain',
  ])
})
