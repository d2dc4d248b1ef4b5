import { expect, it } from 'vitest'
import { atSidecar, from, matches, when, withHttp } from '../testing/envoyDecision.js'
import type { EnvoyConnection } from './connection.js'

it.each<[string, object, Partial<EnvoyConnection>, string]>([
  ['source.ip', when('source.ip', ['10.0.0.0/8']), atSidecar, 'yes'],
  ['remote.ip', when('remote.ip', ['10.0.0.0/8']), {}, 'yes'],
  ['source.namespace', when('source.namespace', ['shop']), {}, 'yes'],
  ['source.principal', when('source.principal', ['*/sa/web']), {}, 'yes'],
  ['source.serviceAccount', when('source.serviceAccount', ['web']), {}, 'yes'],
  ['source.trustDomain', when('source.trustDomain', ['corp']), {}, 'yes'],
  [
    'request.auth.principal',
    when('request.auth.principal', ['i/s']),
    withHttp({ claims: { iss: 'i', sub: 's' } }),
    'yes',
  ],
  [
    'request.auth.audiences',
    when('request.auth.audiences', ['a']),
    withHttp({ claims: { aud: ['b', 'a'] } }),
    'yes',
  ],
  [
    'request.auth.presenter',
    when('request.auth.presenter', ['a']),
    withHttp({ claims: { azp: 'a' } }),
    'yes',
  ],
  [
    'request.auth.claims',
    when('request.auth.claims[a][b]', ['c']),
    withHttp({ claims: { a: { b: 'c' } } }),
    'yes',
  ],
  [
    'requestPrincipals',
    from({ requestPrincipals: ['i/s'] }),
    withHttp({ claims: { iss: 'i', sub: 's' } }),
    'yes',
  ],
  ['destination.ip', when('destination.ip', ['10.0.0.0/8']), { destinationIp: '10.1.1.1' }, 'yes'],
  [
    'destination.ip of another address',
    when('destination.ip', ['10.0.0.0/8']),
    { destinationIp: '11.1.1.1' },
    'no',
  ],
  ['destination.ip of an unknown address', when('destination.ip', ['10.0.0.0/8']), {}, 'unknown'],
  ['destination.port', when('destination.port', ['80']), {}, 'yes'],
  ['an excluded connection.sni', when('connection.sni', [], ['a']), {}, 'yes'],
  ['connection.sni', when('connection.sni', ['*']), {}, 'no'],
  ['connection.sni on a TLS port', when('connection.sni', ['a']), { isTls: true }, 'unknown'],
  ['a filter of Envoy', when('experimental.envoy.filters.a.b[c]', ['d']), {}, 'unknown'],
  [
    'a filter of Envoy on a TCP chain',
    when('experimental.envoy.filters.a.b[c]', ['d']),
    { http: undefined },
    'unknown',
  ],
  ['an unknown key', when('nonsense', ['d']), {}, 'no'],
  [
    'an unknown key beside a known one',
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
    withHttp({ headers: { 'X-Env': 'prod' } }),
    'yes',
  ],
  [
    'a header value in another case',
    when('request.headers[x-env]', ['PROD']),
    withHttp({ headers: { 'x-env': 'prod' } }),
    'no',
  ],
  [
    'an empty header',
    when('request.headers[x-env]', ['*']),
    withHttp({ headers: { 'x-env': '' } }),
    'yes',
  ],
  ['a missing header', when('request.headers[x-env]', ['*']), {}, 'no'],
  [
    'one line of a header',
    when('request.headers[x-env]', ['b']),
    withHttp({ headers: { 'x-env': ['a', 'b'] } }),
    'yes',
  ],
  [
    'the lines of a header joined',
    when('request.headers[x-env]', ['a,b']),
    withHttp({ headers: { 'x-env': ['a', 'b'] } }),
    'no',
  ],
  [':method', when('request.headers[:method]', ['GET']), {}, 'yes'],
  [':path', when('request.headers[:path]', ['/api']), {}, 'yes'],
  [
    ':path, normalised',
    when('request.headers[:path]', ['/api?a=/./b']),
    withHttp({ path: '/x/../%61pi?a=/./b' }),
    'yes',
  ],
  [
    ':path as it is sent',
    when('request.headers[:path]', ['/x/../api']),
    withHttp({ path: '/x/../api' }),
    'no',
  ],
  [':authority', when('request.headers[:authority]', ['API.shop:80']), {}, 'yes'],
  ['the header host', when('request.headers[Host]', ['API.shop:80']), {}, 'yes'],
  ['the header host in another case', when('request.headers[host]', ['api.shop:80']), {}, 'no'],
  [
    'a key that only ends as a header key',
    when('x.request.headers[a]', ['*']),
    withHttp({ headers: { a: 'b' } }),
    'no',
  ],
  [
    'a key that only starts as a header key',
    when('request.headers[a]x', ['*']),
    withHttp({ headers: { a: 'b' } }),
    'no',
  ],
  [
    'a key that only ends as a claim key',
    when('x.request.auth.claims[a]', ['*']),
    withHttp({ claims: { a: 'b' } }),
    'no',
  ],
  [
    'a key that only starts as a claim key',
    when('request.auth.claims[a]x', ['*']),
    withHttp({ claims: { a: 'b' } }),
    'no',
  ],
])('a rule on %s has the right match', (_, rule, change, expected) => {
  expect(matches(rule, change)).toBe(expected)
})
