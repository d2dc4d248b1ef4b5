import { describe, expect, it } from 'vitest'
import { matchesClaim, matchesRequestPrincipal } from './claims.js'
import { matchesPath, normalizePath } from './path.js'
import { protocolOf, servicePortProtocol, type PortProtocol } from './portProtocol.js'
import { matchesPattern } from './stringMatch.js'
import { allOf, and, anyOf, not, type Ternary } from './ternary.js'
import { expandPrincipal, expandTrustDomain } from './trustDomains.js'

describe('paths', () => {
  it.each([
    ['/api?next=/admin', '/api'],
    ['/api#fragment', '/api'],
    ['/api#a?b', '/api'],
    ['?', ''],
    ['', ''],
    ['/a/./b', '/a/b'],
    ['/a/.', '/a/'],
    ['/a/../b', '/b'],
    ['/a/..', '/'],
    ['/a/b/..', '/a/'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['/a/../../b', '/b'],
    ['/...', '/...'],
    ['/a\\b', '/a/b'],
    ['/a\\..\\b', '/b'],
    ['/%61dmin', '/admin'],
    ['/%41%5A%5a%7A%7a%30%39', '/AZZzz09'],
    ['/%2D%2d%2E%2e%5F%5f%7E%7e', '/--..__~~'],
    ['/%40%5B%60%7B%2C%2F%3A', '/%40%5B%60%7B%2C%2F%3A'],
    ['/%2E%2E/a', '/a'],
    ['/a/%2e', '/a/'],
    ['/a%2Fb', '/a%2Fb'],
    ['//a', '//a'],
    ['/a//b/', '/a//b/'],
    ['/a//../b', '/a/b'],
    ['/a;x=1', '/a;x=1'],
    ['/%', '/%'],
    ['/%zz', '/%zz'],
  ])('the path %s is normalised to %s', (path, expected) => {
    expect(normalizePath(path)).toBe(expected)
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['/api', ['/api'], ['/api/', '/API', '/apix', '/x/api']],
    ['/api*', ['/api', '/api/x', '/apix'], ['/ap', '/x/api']],
    ['*/api', ['/api', '/x/api'], ['/api/', 'api']],
    ['*', ['/', '/x'], ['']],
    [
      '/a/{*}/c',
      ['/a/b/c', '/a/b.c~d/c', "/a/%20!$&'()+,;:@=-_/c"],
      ['/a//c', '/a/b/b/c', '/a/b*/c', '/a/c', '/x/a/b/c', '/a/b/c/d'],
    ],
    ['/a/{**}', ['/a/', '/a/b', '/a/b/c'], ['/a', '/b/a/']],
    ['/{**}/c', ['//c', '/a/b/c'], ['/c', '/a/c/d']],
    ['/a.b/{*}', ['/a.b/c'], ['/axb/c']],
    ['{*}', ['a'], ['/a', '']],
    ['/{x}', ['/{x}'], ['/a']],
  ])('the path pattern %s matches the right paths', (pattern, matching, others) => {
    expect(matching.filter((path) => !matchesPath(pattern, path))).toEqual([])
    expect(others.filter((path) => matchesPath(pattern, path))).toEqual([])
  })
})

describe('strings', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a', ['a'], ['', 'A', 'ab', 'ba']],
    ['a*', ['a', 'ab'], ['ba', '']],
    ['*a', ['a', 'ba'], ['ab', '']],
    ['*', ['a'], ['']],
    ['', [''], ['a']],
    ['**', ['a*', '*'], ['a', '']],
    ['*a*', ['ba*'], ['bab', 'ba']],
    ['a*b', ['a*b'], ['axb']],
  ])('the pattern "%s" matches the right strings', (pattern, matching, others) => {
    expect(matching.filter((value) => !matchesPattern(pattern, value))).toEqual([])
    expect(others.filter((value) => matchesPattern(pattern, value))).toEqual([])
  })
})

describe('claims', () => {
  const claims = {
    role: 'admin',
    list: ['a', 'b', 3],
    count: 3,
    yes: true,
    scope: 'read write',
    permission: 'p q',
    other: 'read write',
    nothing: null,
    nested: { scope: 'x y', permission: 'x y', deep: { a: 'b' } },
  }

  it.each<[string[], string, boolean]>([
    [['role'], 'admin', true],
    [['role'], 'adm*', true],
    [['role'], 'a', false],
    [['gone'], '*', false],
    [['list'], 'b', true],
    [['list'], 'c', false],
    [['list'], '3', false],
    [['list'], '*3', false],
    [['nothing', 'a'], '*', false],
    [['nested', 'permission'], 'x', false],
    [['permission', 'of'], 'x', false],
    [['list', '0'], 'a', false],
    [['count'], '3', false],
    [['yes'], 'true', false],
    [['scope'], 'write', true],
    [['scope'], 'read write', false],
    [['permission'], 'q', true],
    [['other'], 'read', false],
    [['other'], 'read write', true],
    [['nested', 'scope'], 'x y', true],
    [['nested', 'scope'], 'x', false],
    [['scope', 'x'], '*', false],
    [['nested', 'deep', 'a'], 'b', true],
    [['nested', 'deep'], '*', false],
    [['nested', 'gone', 'a'], '*', false],
  ])('the claim %j matches %s: %s', (path, pattern, expected) => {
    expect(matchesClaim(path, pattern, claims)).toBe(expected)
    expect(matchesClaim(path, pattern, undefined)).toBe(false)
  })

  it.each<[string, boolean]>([
    ['*', true],
    ['https://issuer/path/user', true],
    ['https://issuer/path/other', false],
    ['https://issuer/user', false],
    ['https://issuer/path/*', true],
    ['https://issuer/path/us*', true],
    ['https://issuer/path/x*', false],
    ['https://*/user', false],
    ['*/user', true],
    ['*path/user', true],
    ['*other/user', false],
    ['*/us*', false],
    ['*er', true],
    ['*x', false],
    ['https:*', true],
    ['http:*', false],
    ['user', false],
    ['https://issuer/path', false],
    ['https://issuer/path/*er', false],
    ['*issuer/path/us', false],
  ])('issuer and subject match the request principal %s: %s', (pattern, expected) => {
    expect(matchesRequestPrincipal(pattern, { iss: 'https://issuer/path', sub: 'user' })).toBe(
      expected,
    )
    expect(matchesRequestPrincipal(pattern, undefined)).toBe(false)
  })

  it('a request principal matches only if issuer and subject are non-empty strings', () => {
    expect(matchesRequestPrincipal('*', { iss: 'i' })).toBe(false)
    expect(matchesRequestPrincipal('*', { sub: 's' })).toBe(false)
    expect(matchesRequestPrincipal('*', { iss: '', sub: 's' })).toBe(false)
    expect(matchesRequestPrincipal('*', { iss: 'i', sub: '' })).toBe(false)
    expect(matchesRequestPrincipal('*s', { iss: '', sub: 's' })).toBe(false)
    expect(matchesRequestPrincipal('i*', { iss: 'i', sub: '' })).toBe(false)
    expect(matchesRequestPrincipal('*s', { iss: 'i', sub: 's' })).toBe(true)
    expect(matchesRequestPrincipal('i*', { iss: 'i', sub: 's' })).toBe(true)
    expect(matchesRequestPrincipal('issueX', { iss: 'issuer', sub: 's' })).toBe(false)
    expect(matchesClaim(['permission', 'of'], 'x', { permission: { of: 'x y' } })).toBe(false)
    expect(matchesRequestPrincipal('i/s', { iss: 3, sub: 's' })).toBe(false)
    expect(matchesRequestPrincipal('i/s', { iss: 'i', sub: 3 })).toBe(false)
  })
})

describe('trust domains', () => {
  const trust = { trustDomain: 'new.example', aliases: ['old.example', 'corp'] }
  const rest = '/ns/a/sa/b'

  it.each<[string, readonly string[]]>([
    [`new.example${rest}`, ['new.example', 'old.example', 'corp']],
    [`old.example${rest}`, ['new.example', 'old.example', 'corp']],
    [`cluster.local${rest}`, ['new.example', 'old.example', 'corp']],
    [`foreign${rest}`, ['foreign']],
    [`*.example${rest}`, ['*.example', '*.example', 'corp']],
    [`new*${rest}`, ['new.example', 'old.example', 'corp']],
    [`*foreign${rest}`, ['*foreign']],
    [`*xample${rest}`, ['*xample', '*xample', 'corp']],
    [`co*${rest}`, ['new.example', 'old.example', 'corp']],
    [rest, ['']],
    [`*${rest}`, ['*']],
  ])('the principal %s is expanded to %j', (principal, domains) => {
    expect(expandPrincipal(principal, trust)).toEqual(domains.map((domain) => `${domain}${rest}`))
  })

  it.each(['*', 'new.example/ns/a', 'new.example/ns/a/sa/b/c', '*/sa/b', 'new.example/*'])(
    'the principal %s is not a whole identity and is not expanded',
    (principal) => {
      expect(expandPrincipal(principal, trust)).toEqual([principal])
    },
  )

  it('a principal is expanded for one trust domain and for a wildcard', () => {
    expect(
      expandPrincipal(`cluster.local${rest}`, { trustDomain: 'my-cluster.local', aliases: [] }),
    ).toEqual([`my-cluster.local${rest}`])
    expect(expandPrincipal(`*corp${rest}`, { trustDomain: 'corp', aliases: ['dorp'] })).toEqual([
      `*corp${rest}`,
      `dorp${rest}`,
    ])
  })

  it('cluster.local is not expanded as a trust domain', () => {
    expect(expandTrustDomain('old.example', trust)).toEqual(['new.example', 'old.example', 'corp'])
    expect(expandTrustDomain('cluster.local', trust)).toEqual(['cluster.local'])
    expect(expandTrustDomain('*.example', trust)).toEqual(['*.example'])
  })
})

describe('the protocol of a port', () => {
  const protocolNamed = (
    name: string | undefined,
    {
      appProtocol,
      protocol = 'TCP',
      port = 80,
    }: { appProtocol?: string; protocol?: string; port?: number } = {},
  ): PortProtocol => servicePortProtocol({ name, appProtocol, protocol, port })

  it.each<[string, PortProtocol, PortProtocol]>([
    ['a port name', protocolNamed('http'), 'http'],
    ['the first word of a port name', protocolNamed('http-web'), 'http'],
    ['a port name in another case', protocolNamed('HTTP2-web'), 'http'],
    ['a port name that only starts as a protocol', protocolNamed('httpweb'), 'sniffed'],
    ['the name grpc', protocolNamed('grpc'), 'http'],
    ['the name grpc-web', protocolNamed('grpc-web-a'), 'http'],
    ['the name http_proxy', protocolNamed('http_proxy'), 'http'],
    ['the name tcp', protocolNamed('tcp-db'), 'tcp'],
    ['the name tls', protocolNamed('tls'), 'tls'],
    ['the name https', protocolNamed('https'), 'tls'],
    ['the name mongo', protocolNamed('mongo'), 'tcp'],
    ['the name redis', protocolNamed('redis-a'), 'tcp'],
    ['the name mysql', protocolNamed('mysql'), 'tcp'],
    ['a port without a name', protocolNamed(undefined), 'sniffed'],
    ['the name hbone', protocolNamed('hbone'), 'sniffed'],
    ['the name udp', protocolNamed('udp-x'), 'udp'],
    ['a UDP port with the name http', protocolNamed('http', { protocol: 'UDP' }), 'udp'],
    ['an appProtocol beside a name', protocolNamed('http', { appProtocol: 'tcp' }), 'tcp'],
    ['an unknown appProtocol', protocolNamed('http', { appProtocol: 'x' }), 'sniffed'],
    ['the first word of an appProtocol', protocolNamed('tcp', { appProtocol: 'http-x' }), 'http'],
    ['the appProtocol h2c', protocolNamed('tcp', { appProtocol: 'kubernetes.io/h2c' }), 'http'],
    ['the appProtocol ws', protocolNamed('tcp', { appProtocol: 'kubernetes.io/ws' }), 'http'],
    ['the appProtocol wss', protocolNamed('http', { appProtocol: 'kubernetes.io/wss' }), 'tls'],
    ['port 25', protocolNamed('mail', { port: 25 }), 'tcp'],
    ['port 53', protocolNamed(undefined, { port: 53 }), 'tcp'],
    ['port 3306', protocolNamed('x', { port: 3306 }), 'tcp'],
    ['port 27017', protocolNamed('x', { port: 27017 }), 'tcp'],
    ['port 3306 with the name http', protocolNamed('http', { port: 3306 }), 'http'],
    ['the protocol HTTP of a ServiceEntry', protocolOf('HTTP'), 'http'],
    ['the protocol GRPC-Web of a ServiceEntry', protocolOf('GRPC-Web'), 'http'],
    ['the protocol TLS of a ServiceEntry', protocolOf('TLS'), 'tls'],
    ['the protocol UDP of a ServiceEntry', protocolOf('UDP'), 'udp'],
    ['an unknown protocol of a ServiceEntry', protocolOf('http-web'), 'sniffed'],
  ])('Envoy reads the right protocol from %s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

it('unknown stays unknown unless a known value decides', () => {
  const values: readonly Ternary[] = [true, false, 'unknown']
  expect(values.map(not)).toEqual([false, true, 'unknown'])
  expect([
    and([]),
    and([true, true]),
    and([true, 'unknown']),
    and(['unknown', false]),
    and([false, true]),
  ]).toEqual([true, true, 'unknown', false, false])
  const same = (value: Ternary): Ternary => value
  expect(
    [[], [true, true], [true, 'unknown'], ['unknown', false], [false, true]].map((list) =>
      allOf(list as readonly Ternary[], same),
    ),
  ).toEqual([true, true, 'unknown', false, false])
  expect(
    [[], [false, false], [false, 'unknown'], ['unknown', true], [true, false]].map((list) =>
      anyOf(list as readonly Ternary[], same),
    ),
  ).toEqual([false, false, 'unknown', true, true])
})
