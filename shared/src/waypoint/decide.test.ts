import { describe, expect, it } from 'vitest'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { resourceOf } from '../testing/index.js'
import type { EnvoyConnection, HttpRequest } from './connection.js'
import { decideAtEnvoy, type EnvoyContext } from './decide.js'

interface Spec {
  readonly action?: string
  readonly rules?: readonly object[]
  readonly provider?: string
  readonly annotations?: object
}

const policy = (
  name: string,
  { action = 'ALLOW', rules, provider, annotations }: Spec,
): AuthorizationPolicy =>
  resourceOf(
    'AuthorizationPolicy',
    JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace: 'shop', ...(annotations ? { annotations } : {}) },
      spec: {
        action,
        ...(rules ? { rules } : {}),
        ...(provider ? { provider: { name: provider } } : {}),
      },
    }),
  )
const http: HttpRequest = {
  method: 'GET',
  path: '/api',
  host: 'API.shop:80',
  headers: {},
  claims: undefined,
}
const connection: EnvoyConnection = {
  identity: { trustDomain: 'corp', namespace: 'shop', serviceAccount: 'web' },
  sourceIp: '10.0.0.1',
  seesSourceIp: false,
  destinationIp: undefined,
  destinationPort: 80,
  http,
}
const trust: EnvoyContext = { trustDomain: 'corp', aliases: ['old'], severalProviders: false }
const decided = (
  policies: readonly AuthorizationPolicy[],
  change: Partial<EnvoyConnection> = {},
  context: Partial<EnvoyContext> = {},
) => decideAtEnvoy(policies, { ...connection, ...change }, { ...trust, ...context })
const verdict = (...given: Parameters<typeof decided>): string => decided(...given).verdict

const everything = {}
const get = { to: [{ operation: { methods: ['GET'] } }] }
const post = { to: [{ operation: { methods: ['POST'] } }] }
/** Only a name that no request says decides it. */
const unsure = { when: [{ key: 'destination.ip', values: ['10.0.0.0/8'] }] }

describe('the order of the filters', () => {
  const allow = policy('allow', { rules: [get] })
  const deny = policy('deny', { action: 'DENY', rules: [post, get] })
  const custom = policy('custom', { action: 'CUSTOM', rules: [everything], provider: 'opa' })

  it.each<
    [string, readonly AuthorizationPolicy[], string, string, string | undefined, number | undefined]
  >([
    ['no policy', [], 'allow', 'no allow policies, allow', undefined, undefined],
    ['ALLOW that matches', [allow], 'allow', 'allow policy match', 'allow', 0],
    [
      'ALLOW that does not',
      [policy('allow', { rules: [post] })],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'ALLOW without rules',
      [policy('allow', {})],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'one ALLOW of two',
      [policy('other', { rules: [post] }), policy('second', { rules: [post, get] })],
      'allow',
      'allow policy match',
      'second',
      1,
    ],
    [
      'DENY before ALLOW',
      [allow, deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
    [
      'DENY without rules',
      [policy('deny', { action: 'DENY' })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'DENY that does not match',
      [policy('deny', { action: 'DENY', rules: [post] })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'AUDIT only logs',
      [policy('audit', { action: 'AUDIT', rules: [everything] })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'dry-run only logs',
      [
        policy('dry', { rules: [post], annotations: { 'istio.io/dry-run': 'true' } }),
        policy('dry', {
          action: 'DENY',
          rules: [everything],
          annotations: { 'istio.io/dry-run': '1' },
        }),
      ],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'an unreadable dry-run is enforced',
      [
        policy('dry', {
          action: 'DENY',
          rules: [everything],
          annotations: { 'istio.io/dry-run': 'yes' },
        }),
      ],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[dry]-rule[0]]',
      'dry',
      0,
    ],
    ['CUSTOM asks', [custom], 'undecided', 'the external authorizer "opa" decides', 'custom', 0],
    [
      'CUSTOM that does not match',
      [policy('custom', { action: 'CUSTOM', rules: [post], provider: 'opa' })],
      'allow',
      'no allow policies, allow',
      undefined,
      undefined,
    ],
    [
      'whatever CUSTOM says, DENY refuses',
      [custom, deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
    [
      'whatever CUSTOM says, no ALLOW admits',
      [custom, policy('allow', {})],
      'deny',
      'rbac_access_denied_matched_policy[none]',
      undefined,
      undefined,
    ],
    [
      'CUSTOM before an ALLOW',
      [custom, allow],
      'undecided',
      'the external authorizer "opa" decides',
      'custom',
      0,
    ],
    [
      'CUSTOM of nobody',
      [policy('custom', { action: 'CUSTOM', rules: [everything] })],
      'undecided',
      'the external authorizer "" decides',
      'custom',
      0,
    ],
    [
      'a DENY that is not sure',
      [policy('deny', { action: 'DENY', rules: [unsure] })],
      'undecided',
      'it depends on something that the request does not say',
      'deny',
      0,
    ],
    [
      'an ALLOW that is not sure',
      [policy('allow', { rules: [post, unsure] })],
      'undecided',
      'it depends on something that the request does not say',
      'allow',
      1,
    ],
    [
      'a rule that is sure beside one that is not',
      [policy('allow', { rules: [unsure, get] })],
      'allow',
      'allow policy match',
      'allow',
      1,
    ],
    [
      'an ALLOW that is sure beside one that is not',
      [policy('maybe', { rules: [unsure] }), allow],
      'allow',
      'allow policy match',
      'allow',
      0,
    ],
    [
      'a DENY that is not sure beside an ALLOW that is',
      [policy('deny', { action: 'DENY', rules: [unsure] }), allow],
      'undecided',
      'it depends on something that the request does not say',
      'deny',
      0,
    ],
    [
      'a DENY that is sure beside one that is not',
      [policy('maybe', { action: 'DENY', rules: [unsure] }), deny],
      'deny',
      'rbac_access_denied_matched_policy[ns[shop]-policy[deny]-rule[1]]',
      'deny',
      1,
    ],
  ])('%s', (_, policies, expected, reason, name, rule) => {
    const found = decided(policies)
    expect({
      verdict: found.verdict,
      reason: found.reason,
      name: found.policy?.name,
      rule: found.rule,
    }).toEqual({ verdict: expected, reason, name, rule })
  })

  it('refuses what two external authorizers are asked about, unless a flag allows two', () => {
    const other = policy('other', { action: 'CUSTOM', rules: [post], provider: 'keycloak' })
    const dry = policy('dry', {
      action: 'CUSTOM',
      rules: [post],
      provider: 'dry',
      annotations: { 'istio.io/dry-run': 'true' },
    })
    expect(decided([custom, other])).toMatchObject({
      verdict: 'deny',
      reason: 'rbac_access_denied_matched_policy[ns[shop]-policy[custom]-rule[0]]',
      policy: { name: 'custom' },
      rule: 0,
    })
    expect(verdict([custom, dry])).toBe('deny')
    expect(verdict([custom, other], {}, { severalProviders: true })).toBe('undecided')
    expect(
      verdict([
        custom,
        policy('again', { action: 'CUSTOM', rules: [everything], provider: 'opa' }),
      ]),
    ).toBe('undecided')
    expect(
      verdict([other, policy('third', { action: 'CUSTOM', rules: [post], provider: 'opa' })]),
    ).toBe('allow')
    expect(
      verdict([policy('maybe', { action: 'CUSTOM', rules: [unsure], provider: 'opa' }), other]),
    ).toBe('undecided')
    expect(
      verdict([custom, policy('deny', { action: 'DENY', rules: [everything], provider: 'x' })]),
    ).toBe('deny')
  })
})

describe('attributes', () => {
  const matches = (rule: object, change: Partial<EnvoyConnection> = {}): string =>
    ({ deny: 'yes', allow: 'no', undecided: 'unknown' })[
      decided([policy('p', { action: 'DENY', rules: [rule] })], change).verdict
    ]
  const from = (source: object): object => ({ from: [{ source }] })
  const to = (operation: object): object => ({ to: [{ operation }] })
  const when = (key: string, values: string[], notValues: string[] = []): object => ({
    when: [{ key, values, notValues }],
  })
  const foreign = { identity: { trustDomain: 'old', namespace: 'shop', serviceAccount: 'web' } }
  const nobody = { identity: undefined }
  const sees = { seesSourceIp: true }
  const asks = (change: Partial<HttpRequest>): Partial<EnvoyConnection> => ({
    http: { ...http, ...change },
  })
  const forwarded = (value: string | readonly string[]): Partial<EnvoyConnection> =>
    asks({ headers: { 'X-Forwarded-For': value } })

  it.each<[string, object, Partial<EnvoyConnection>, string]>([
    ['a principal', from({ principals: ['corp/ns/shop/sa/web'] }), {}, 'yes'],
    [
      'a principal of the local pointer',
      from({ principals: ['cluster.local/ns/shop/sa/web'] }),
      {},
      'yes',
    ],
    ['a principal of an alias', from({ principals: ['corp/ns/shop/sa/web'] }), foreign, 'yes'],
    ['a principal that starts alike', from({ principals: ['corp/ns/shop/*'] }), {}, 'yes'],
    ['a principal that ends alike', from({ principals: ['*/sa/web'] }), {}, 'yes'],
    [
      'a principal that ends alike, whole',
      from({ principals: ['*corp/ns/shop/sa/web'] }),
      {},
      'yes',
    ],
    [
      'a principal that ends alike but for its start',
      from({ principals: ['*xcorp/ns/shop/sa/web'] }),
      {},
      'no',
    ],
    ['a principal that ends otherwise', from({ principals: ['*/sa/api'] }), {}, 'no'],
    ['any principal', from({ principals: ['*'] }), {}, 'yes'],
    ['any principal, of nobody', from({ principals: ['*'] }), nobody, 'no'],
    ['no principal, of nobody', from({ notPrincipals: ['*'] }), nobody, 'yes'],
    ['a namespace', from({ namespaces: ['shop'] }), {}, 'yes'],
    ['a namespace in part', from({ namespaces: ['sh*'] }), {}, 'yes'],
    ['another namespace', from({ namespaces: ['sho'] }), {}, 'no'],
    ['an account of the policy namespace', from({ serviceAccounts: ['web'] }), {}, 'yes'],
    ['an account', from({ serviceAccounts: ['shop/web'] }), {}, 'yes'],
    ['an account of no namespace', from({ serviceAccounts: ['/web'] }), {}, 'no'],
    ['an account of another namespace', from({ serviceAccounts: ['dev/web'] }), {}, 'no'],
    ['another account', from({ serviceAccounts: ['shop/we'] }), {}, 'no'],
    ['a trust domain', from({ trustDomains: ['corp'] }), {}, 'yes'],
    ['a trust domain by its alias', from({ trustDomains: ['old'] }), {}, 'yes'],
    ['the pointer is no trust domain', from({ trustDomains: ['cluster.local'] }), {}, 'no'],
    ['a trust domain in part', from({ trustDomains: ['co*'] }), {}, 'yes'],
    ['another trust domain', from({ trustDomains: ['cor'] }), {}, 'no'],
    ['any trust domain', from({ trustDomains: ['*'] }), {}, 'yes'],
    ['any trust domain, of nobody', from({ trustDomains: ['*'] }), nobody, 'no'],
    ['an address behind the tunnel', from({ ipBlocks: ['0.0.0.0/0'] }), {}, 'no'],
    ['no address behind the tunnel', from({ notIpBlocks: ['0.0.0.0/0'] }), {}, 'yes'],
    ['an address where it is seen', from({ ipBlocks: ['10.0.0.0/8'] }), sees, 'yes'],
    ['another address where it is seen', from({ ipBlocks: ['192.168.0.0/16'] }), sees, 'no'],
    [
      'an address that nobody says',
      from({ ipBlocks: ['10.0.0.0/8'] }),
      { ...sees, sourceIp: undefined },
      'unknown',
    ],
    [
      'not an address that nobody says',
      from({ notIpBlocks: ['10.0.0.0/8'] }),
      { ...sees, sourceIp: undefined },
      'unknown',
    ],
    [
      'an address that is none',
      from({ ipBlocks: ['10.0.0.0/8'] }),
      { ...sees, sourceIp: 'x' },
      'no',
    ],
    ['a block that is none', from({ ipBlocks: ['10.0.0.0/99'] }), sees, 'no'],
    ['a remote address', from({ remoteIpBlocks: ['10.0.0.0/8'] }), {}, 'yes'],
    [
      'a remote address that nobody says',
      from({ remoteIpBlocks: ['10.0.0.0/8'] }),
      { sourceIp: undefined },
      'unknown',
    ],
    [
      'the last of the forwarded addresses',
      from({ remoteIpBlocks: ['192.168.0.1'] }),
      forwarded('10.9.9.9, 192.168.0.1'),
      'yes',
    ],
    [
      'not the first of them',
      from({ remoteIpBlocks: ['10.0.0.0/8'] }),
      forwarded('10.9.9.9, 192.168.0.1'),
      'no',
    ],
    [
      'the last of the lines',
      from({ remoteIpBlocks: ['192.168.0.1'] }),
      forwarded(['10.9.9.9', '192.168.0.1']),
      'yes',
    ],
    [
      'what is forwarded and no address',
      from({ remoteIpBlocks: ['10.0.0.0/8'] }),
      forwarded('nonsense'),
      'yes',
    ],
    [
      'a remote address on TCP',
      from({ remoteIpBlocks: ['10.0.0.0/8'] }),
      { http: undefined },
      'yes',
    ],
    ['a host whatever its case', to({ hosts: ['api.SHOP:80'] }), {}, 'yes'],
    ['a host without its port', to({ hosts: ['api.shop'] }), {}, 'no'],
    ['a host in part', to({ hosts: ['api.*'] }), {}, 'yes'],
    ['a method, whose case counts', to({ methods: ['get'] }), {}, 'no'],
    ['a path', to({ paths: ['/api'] }), asks({ path: '/x/../%61pi?a' }), 'yes'],
    ['a port', to({ ports: ['80'] }), {}, 'yes'],
    ['another port', to({ ports: ['8080'] }), {}, 'no'],
    ['one field and not the other', to({ ports: ['80'], methods: ['POST'] }), {}, 'no'],
    ['a value but for another', to({ methods: ['G*'], notMethods: ['GET'] }), {}, 'no'],
    [
      'one entry of two',
      { to: [{ operation: { methods: ['POST'] } }, { operation: { methods: ['GET'] } }] },
      {},
      'yes',
    ],
    ['from and not to', { ...from({ namespaces: ['shop'] }), ...post }, {}, 'no'],
    ['not from and to', { ...from({ namespaces: ['dev'] }), ...get }, {}, 'no'],
    ['from and to, not when', { ...get, ...when('source.namespace', ['dev']) }, {}, 'no'],
    [
      'each when',
      {
        when: [
          { key: 'source.namespace', values: ['shop'] },
          { key: 'destination.port', values: ['81'] },
        ],
      },
      {},
      'no',
    ],
    ['an entry without a source', { from: [{}] }, {}, 'yes'],
    ['source.ip', when('source.ip', ['10.0.0.0/8']), sees, 'yes'],
    ['remote.ip', when('remote.ip', ['10.0.0.0/8']), {}, 'yes'],
    ['source.namespace', when('source.namespace', ['shop']), {}, 'yes'],
    ['source.principal', when('source.principal', ['*/sa/web']), {}, 'yes'],
    ['source.serviceAccount', when('source.serviceAccount', ['web']), {}, 'yes'],
    ['source.trustDomain', when('source.trustDomain', ['corp']), {}, 'yes'],
    [
      'request.auth.principal',
      when('request.auth.principal', ['i/s']),
      asks({ claims: { iss: 'i', sub: 's' } }),
      'yes',
    ],
    [
      'request.auth.audiences',
      when('request.auth.audiences', ['a']),
      asks({ claims: { aud: ['b', 'a'] } }),
      'yes',
    ],
    [
      'request.auth.presenter',
      when('request.auth.presenter', ['a']),
      asks({ claims: { azp: 'a' } }),
      'yes',
    ],
    [
      'request.auth.claims',
      when('request.auth.claims[a][b]', ['c']),
      asks({ claims: { a: { b: 'c' } } }),
      'yes',
    ],
    [
      'requestPrincipals',
      from({ requestPrincipals: ['i/s'] }),
      asks({ claims: { iss: 'i', sub: 's' } }),
      'yes',
    ],
    [
      'destination.ip',
      when('destination.ip', ['10.0.0.0/8']),
      { destinationIp: '10.1.1.1' },
      'yes',
    ],
    [
      'destination.ip elsewhere',
      when('destination.ip', ['10.0.0.0/8']),
      { destinationIp: '11.1.1.1' },
      'no',
    ],
    ['destination.ip that nobody says', when('destination.ip', ['10.0.0.0/8']), {}, 'unknown'],
    ['destination.port', when('destination.port', ['80']), {}, 'yes'],
    ['not connection.sni', when('connection.sni', [], ['a']), {}, 'yes'],
    ['connection.sni', when('connection.sni', ['*']), {}, 'no'],
    ['a filter of Envoy', when('experimental.envoy.filters.a.b[c]', ['d']), {}, 'unknown'],
    [
      'a filter of Envoy on TCP',
      when('experimental.envoy.filters.a.b[c]', ['d']),
      { http: undefined },
      'unknown',
    ],
    ['a key that is none', when('nonsense', ['d']), {}, 'no'],
    [
      'a key that is none beside one that is',
      {
        when: [
          { key: 'source.namespace', values: ['shop'] },
          { key: 'nonsense', values: ['d'] },
        ],
      },
      {},
      'no',
    ],
    [
      'two keys',
      {
        when: [
          { key: 'source.namespace', values: ['shop'] },
          { key: 'destination.port', values: ['80'] },
        ],
      },
      {},
      'yes',
    ],
    [
      'a header',
      when('request.headers[x-env]', ['prod']),
      asks({ headers: { 'X-Env': 'prod' } }),
      'yes',
    ],
    [
      'a header, whose case counts',
      when('request.headers[x-env]', ['PROD']),
      asks({ headers: { 'x-env': 'prod' } }),
      'no',
    ],
    [
      'a header that is empty',
      when('request.headers[x-env]', ['*']),
      asks({ headers: { 'x-env': '' } }),
      'yes',
    ],
    ['a header that is not there', when('request.headers[x-env]', ['*']), {}, 'no'],
    [
      'one line of a header',
      when('request.headers[x-env]', ['b']),
      asks({ headers: { 'x-env': ['a', 'b'] } }),
      'yes',
    ],
    [
      'not all lines as one',
      when('request.headers[x-env]', ['a,b']),
      asks({ headers: { 'x-env': ['a', 'b'] } }),
      'no',
    ],
    [':method', when('request.headers[:method]', ['GET']), {}, 'yes'],
    [':path', when('request.headers[:path]', ['/api']), {}, 'yes'],
    [':authority', when('request.headers[:authority]', ['API.shop:80']), {}, 'yes'],
    [
      'a key that ends like a header',
      when('x.request.headers[a]', ['*']),
      asks({ headers: { a: 'b' } }),
      'no',
    ],
    [
      'a key that starts like a header',
      when('request.headers[a]x', ['*']),
      asks({ headers: { a: 'b' } }),
      'no',
    ],
    [
      'a key that ends like a claim',
      when('x.request.auth.claims[a]', ['*']),
      asks({ claims: { a: 'b' } }),
      'no',
    ],
    [
      'a key that starts like a claim',
      when('request.auth.claims[a]x', ['*']),
      asks({ claims: { a: 'b' } }),
      'no',
    ],
  ])('%s', (_, rule, change, expected) => {
    expect(matches(rule, change)).toBe(expected)
  })
})

describe('a TCP chain', () => {
  const tcp = { http: undefined }
  const allow = (...rules: object[]): string => verdict([policy('p', { rules })], tcp)
  const deny = (...rules: object[]): string =>
    verdict([policy('p', { action: 'DENY', rules })], tcp)
  const fromWeb = { from: [{ source: { serviceAccounts: ['web'] } }] }
  const fromApi = { from: [{ source: { serviceAccounts: ['api'] } }] }

  it.each<[string, string, string]>([
    ['ALLOW with an HTTP attribute vanishes', allow(get), 'deny'],
    ['ALLOW vanishes whole, with what is not HTTP', allow({ ...fromWeb, ...get }), 'deny'],
    [
      'one entry makes it vanish',
      allow({ to: [{ operation: { ports: ['80'] } }, { operation: { paths: ['/'] } }] }),
      'deny',
    ],
    ['a notValue does too', allow({ to: [{ operation: { notMethods: ['POST'] } }] }), 'deny'],
    ['a token does too', allow({ from: [{ source: { requestPrincipals: ['*'] } }] }), 'deny'],
    [
      'a header does too',
      allow({ when: [{ key: 'request.headers[a]', notValues: ['b'] }] }),
      'deny',
    ],
    ['other rules stay', allow(get, fromWeb), 'allow'],
    ['ALLOW without HTTP', allow({ ...fromWeb, to: [{ operation: { ports: ['80'] } }] }), 'allow'],
    ['DENY with HTTP alone matches everything', deny(post), 'deny'],
    ['DENY ignores HTTP beside what it knows', deny({ ...fromApi, ...get }), 'allow'],
    [
      'DENY ignores HTTP in an entry',
      deny({ to: [{ operation: { ports: ['81'], methods: ['GET'] } }] }),
      'allow',
    ],
    [
      'DENY on what is left',
      deny({ to: [{ operation: { ports: ['80'], methods: ['POST'] } }] }),
      'deny',
    ],
    ['DENY without HTTP', deny(fromApi), 'allow'],
    [
      'CUSTOM ignores HTTP',
      verdict([policy('p', { action: 'CUSTOM', rules: [post], provider: 'opa' })], tcp),
      'undecided',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})
