import { describe, expect, it } from 'vitest'
import { get, policy, post, verdict } from '../testing/envoyDecision.js'

describe('a TCP chain', () => {
  const tcp = { http: undefined }
  const allow = (...rules: object[]): string => verdict([policy('p', { rules })], tcp)
  const deny = (...rules: object[]): string =>
    verdict([policy('p', { action: 'DENY', rules })], tcp)
  const fromWeb = { from: [{ source: { serviceAccounts: ['web'] } }] }
  const fromApi = { from: [{ source: { serviceAccounts: ['api'] } }] }

  it.each<[string, string, string]>([
    ['an ALLOW rule with an HTTP attribute', allow(get), 'deny'],
    [
      'an ALLOW rule with an HTTP attribute and another attribute',
      allow({ ...fromWeb, ...get }),
      'deny',
    ],
    [
      'an ALLOW rule with an HTTP attribute in one of two entries',
      allow({ to: [{ operation: { ports: ['80'] } }, { operation: { paths: ['/'] } }] }),
      'deny',
    ],
    [
      'an ALLOW rule with an excluded method',
      allow({ to: [{ operation: { notMethods: ['POST'] } }] }),
      'deny',
    ],
    [
      'an ALLOW rule with a token',
      allow({ from: [{ source: { requestPrincipals: ['*'] } }] }),
      'deny',
    ],
    [
      'an ALLOW rule with a header',
      allow({ when: [{ key: 'request.headers[a]', notValues: ['b'] }] }),
      'deny',
    ],
    ['an ALLOW policy with another rule that matches', allow(get, fromWeb), 'allow'],
    [
      'an ALLOW rule without HTTP attributes',
      allow({ ...fromWeb, to: [{ operation: { ports: ['80'] } }] }),
      'allow',
    ],
    ['a DENY rule with only an HTTP attribute', deny(post), 'deny'],
    [
      'a DENY rule with an HTTP attribute and a source that does not match',
      deny({ ...fromApi, ...get }),
      'allow',
    ],
    [
      'a DENY rule with an HTTP attribute and a port that does not match',
      deny({ to: [{ operation: { ports: ['81'], methods: ['GET'] } }] }),
      'allow',
    ],
    [
      'a DENY rule with an HTTP attribute and a port that matches',
      deny({ to: [{ operation: { ports: ['80'], methods: ['POST'] } }] }),
      'deny',
    ],
    ['a DENY rule without HTTP attributes', deny(fromApi), 'allow'],
    [
      'a CUSTOM rule with only an HTTP attribute',
      verdict([policy('p', { action: 'CUSTOM', rules: [post], provider: 'opa' })], tcp),
      'undecided',
    ],
  ])('Envoy decides on a TCP chain about %s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})
