import { describe, expect, it } from 'vitest'
import type { AuthorizationRule, Match } from './authorization.js'
import { stringMatch } from './convertMatch.js'
import { isNamedInFull, namedPeers, namedTrustDomains, unnamedIdentityIn } from './namedPeers.js'
import { matchesRule } from './rbac.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'

const principals = (...values: string[]): AuthorizationRule => [
  [{ principals: values.map(stringMatch) }],
]
const namespaces = (...values: string[]): AuthorizationRule => [
  [{ namespaces: values.map(stringMatch) }],
]
const accounts = (...values: string[]): AuthorizationRule => [
  [{ serviceAccounts: values.map((value) => parseServiceAccount(value, 'shop')) }],
]

describe('the clients that a rule names', () => {
  it.each<[string, AuthorizationRule, readonly string[]]>([
    ['an account', accounts('web', 'dev/ci'), ['"shop/web" exactly', '"dev/ci" exactly']],
    ['a principal', principals('cluster.local/ns/shop/sa/web'), ['"shop/web" exactly']],
    [
      'a principal of another trust domain',
      principals('corp.example/ns/shop/sa/web'),
      ['"shop/web" exactly'],
    ],
    ['a principal of any trust domain', principals('*/ns/shop/sa/web'), ['"shop/web" exactly']],
    ['an account of any namespace', principals('*/sa/web'), ['"*/sa/web"']],
    ['the end of an account', principals('*web'), ['"*web"']],
    [
      'the start of an account',
      principals('cluster.local/ns/shop/sa/we*'),
      ['"cluster.local/ns/shop/sa/we*"'],
    ],
    [
      'a namespace by its principals',
      principals('cluster.local/ns/shop/*'),
      ['"cluster.local/ns/shop/*"'],
    ],
    [
      'the start of a namespace by its principals',
      principals('cluster.local/ns/sh*'),
      ['"cluster.local/ns/sh*"'],
    ],
    ['a trust domain', principals('cluster.local/*'), ['"cluster.local/*"']],
    ['the start of a trust domain', principals('clust*'), ['"clust*"']],
    [
      'a namespace in the middle of its path',
      principals('cluster.local/ns/shop/sa/*'),
      ['"cluster.local/ns/shop/sa/*"'],
    ],
    ['any identity', principals('*'), ['any identity']],
    [
      'namespaces',
      namespaces('dev', 'qa-*', '*-test', '*'),
      ['namespace "dev"', 'namespaces "qa-*"', 'namespaces "*-test"', 'any identity'],
    ],
  ])('the rule of %s names clients that it matches', (_, rule, expected) => {
    const peers = namedPeers(rule, 'cluster.local')
    expect(peers.map(({ label, exact }) => `${label}${exact ? ' exactly' : ''}`)).toEqual(expected)
    for (const { identity } of peers)
      expect(
        matchesRule(rule, {
          identity,
          destinationPort: 80,
          sourceIp: undefined,
          destinationIp: undefined,
        }),
      ).toBe(true)
  })
})

it('the identity of a pattern shows which parts the pattern fixes', () => {
  const parts = (rule: AuthorizationRule): string[] =>
    namedPeers(rule, 'td').map(
      ({ identity, exact }) => `${formatPrincipal(identity)}${exact ? ' exactly' : ''}`,
    )
  expect(
    parts(
      principals(
        '*',
        'a/ns/b*',
        'a/ns/b/sa/c*',
        'a/*',
        'cluster*',
        '*/sa/c',
        '*c',
        '*/ns/b/sa/c',
        'a/ns/b/sa/c',
        'nonsense',
      ),
    ),
  ).toEqual([
    'td/ns/~/sa/~',
    'a/ns/b~/sa/~',
    'a/ns/b/sa/c~',
    'a/ns/~/sa/~',
    'td/ns/~/sa/~',
    'td/ns/~/sa/c',
    'td/ns/~/sa/~c',
    'td/ns/b/sa/c exactly',
    'a/ns/b/sa/c exactly',
    'nonsense/ns/~/sa/~',
  ])
  expect(parts(namespaces('b', 'b*', '*b'))).toEqual([
    'td/ns/b/sa/~',
    'td/ns/b~/sa/~',
    'td/ns/~b/sa/~',
  ])
  expect(
    namedPeers(principals('a/ns/b/sa/c/d', 'nonsense'), 'td').map(({ label }) => label),
  ).toEqual(['"*"', '"*"'])
})

it('a rule without source fields names no client', () => {
  expect([
    namedPeers([[{ destinationPorts: [80] }], []], 'td'),
    namedPeers([[{ destinationPorts: [80] }]], 'td', 'negated'),
    namedPeers([], 'td'),
  ]).toEqual([[], [], []])
})

it('an account of any namespace is combined with the namespaces of the same match', () => {
  const both: Match = { principals: [stringMatch('*/sa/web')], namespaces: [stringMatch('dev')] }
  expect(
    namedPeers([[both]], 'cluster.local').map(({ identity }) => formatPrincipal(identity)),
  ).toContain('cluster.local/ns/dev/sa/web')
})

it('no client is exact if its namespace is a pattern', () => {
  const both: Match = { principals: [stringMatch('*/sa/web')], namespaces: [stringMatch('dev-*')] }
  expect(
    namedPeers([[both]], 'td').map(
      ({ identity, exact }) => `${formatPrincipal(identity)} ${String(exact)}`,
    ),
  ).toEqual(['td/ns/~/sa/web false', 'td/ns/dev-~/sa/web false', 'td/ns/dev-~/sa/~ false'])
})

it('negated fields name clients of their own', () => {
  const rule: AuthorizationRule = [
    [
      {
        notNamespaces: [stringMatch('dev')],
        notPrincipals: [stringMatch('*/ns/qa/sa/ci')],
        notServiceAccounts: [parseServiceAccount('web', 'shop')],
      },
    ],
  ]
  expect(namedPeers(rule, 'cluster.local')).toEqual([])
  expect(namedPeers(rule, 'cluster.local', 'negated').map(({ label }) => label)).toEqual([
    '"shop/web"',
    '"qa/ci"',
    'namespace "dev"',
  ])
})

it('the label of a client leaves out a namespace that is not known', () => {
  expect(
    namedPeers(
      [[{ serviceAccounts: [parseServiceAccount('web', '?folder')] }]],
      'cluster.local',
    ).map(({ label }) => label),
  ).toEqual(['"web"'])
})

it('the trust domains of a rule are those that its principals name', () => {
  expect(
    namedTrustDomains([
      principals('cluster.local/ns/a/sa/b', '*/ns/a/sa/b', 'corp.example/*'),
      namespaces('a'),
      [[], [{ notPrincipals: [stringMatch('other/*')] }, {}]],
    ]),
  ).toEqual(['cluster.local', 'corp.example', 'other'])
})

it('the unnamed identity has no part that a policy can name', () => {
  const unnamed = unnamedIdentityIn('cluster.local', 'shop')
  expect([
    isNamedInFull(unnamed.namespace),
    isNamedInFull(unnamed.serviceAccount),
    isNamedInFull(unnamedIdentityIn('cluster.local').namespace),
  ]).toEqual([true, false, false])
})
