import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { resourceOf } from '../../testing/index.js'
import type { EnvoyConnection } from '../../waypoint/connection.js'
import { matchPolicy } from '../../waypoint/matchPolicy.js'
import { convertAuthorizationPolicy } from '../../ztunnel/convertAuthorizationPolicy.js'
import { matchesPolicy } from '../../ztunnel/rbac.js'
import { parseCidr } from '../../text/ip.js'
import { isWider } from './wider.js'
import { runs } from '../../testing/runs.js'

const POLICY = resourceOf(
  'AuthorizationPolicy',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec: {}\n',
)
const some = (...values: readonly string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
    freq: 2,
  })
const ADDRESSES = ['10.0.0.0/8', '10.1.0.0/16', '10.1.0.1']
const L4_SOURCE = {
  principals: some(
    '*',
    'cluster.local/ns/shop/sa/web',
    'cluster.local/ns/shop/*',
    'corp/ns/shop/*',
    '*/sa/web',
  ),
  notPrincipals: some('*', 'cluster.local/ns/shop/sa/web', '*/sa/web'),
  namespaces: some('*', 'shop', 'sh*', '*op'),
  notNamespaces: some('shop', 'sh*'),
  serviceAccounts: some('web', 'shop/web', 'shop/cart'),
  notServiceAccounts: some('web', 'shop/cart'),
  notIpBlocks: some(...ADDRESSES),
}
const PORTS = { ports: some('80', '8080'), notPorts: some('80', '8080') }
const WHEN = [
  fc.record({
    key: fc.constant('source.namespace'),
    values: fc.uniqueArray(fc.constantFrom('shop', 'sh*', '*')),
    notValues: fc.uniqueArray(fc.constantFrom('web', 'shop')),
  }),
  fc.record({
    key: fc.constant('destination.port'),
    values: fc.uniqueArray(fc.constantFrom('80', '8080')),
    notValues: fc.constant([]),
  }),
]
const HTTP = {
  hosts: some('*', 'a.example', '*.example'),
  methods: some('GET', 'G*', '*'),
  paths: some('/a', '/a*', '/{*}', '/a/{**}'),
  notPaths: some('/a', '/a*'),
}

/** The form of the decoder: an absent attribute has no entry. */
function withoutAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, values]) => values !== undefined))
}

function ruleOf(source: fc.Arbitrary<object>, operation: fc.Arbitrary<object>): fc.Arbitrary<Rule> {
  const entries = (entry: fc.Arbitrary<object>) =>
    fc.option(
      fc.array(
        entry.map(withoutAbsent).filter((fields) => Object.keys(fields).length > 0),
        { minLength: 1, maxLength: 2 },
      ),
      { nil: undefined, freq: 2 },
    )
  const when = fc.option(
    fc.array(
      fc.oneof(...WHEN).filter(({ values, notValues }) => values.length + notValues.length > 0),
      { minLength: 1, maxLength: 2 },
    ),
    { nil: undefined, freq: 2 },
  )
  return fc.record({ from: entries(source), to: entries(operation), when })
}
const IDENTITY = fc.option(
  fc.record({
    trustDomain: fc.constantFrom('corp', 'old'),
    namespace: fc.constantFrom('shop', 'web'),
    serviceAccount: fc.constantFrom('web', 'cart'),
  }),
  { nil: undefined },
)
const address = fc.constantFrom('10.1.0.1', '10.1.2.3', '10.9.9.9', '192.0.2.1')
const policyOf = (rule: Rule): AuthorizationPolicy => ({ ...POLICY, rules: [rule] })

/** `cluster.local` in a principal means these trust domains at a waypoint. */
const TRUST = { trustDomain: 'corp', aliases: ['old'] }

function isWiderInShop(wide: Rule, narrow: Rule, action: AuthorizationPolicy['action']): boolean {
  const placed = (rule: Rule) => ({ rule, namespace: 'shop' })
  return isWider(placed(wide), placed(narrow), { action, trust: TRUST })
}

it('a wider rule matches everything that the narrower rule matches at ztunnel', () => {
  let wider = 0
  const rule = ruleOf(fc.record({ ...L4_SOURCE, ipBlocks: some(...ADDRESSES) }), fc.record(PORTS))
  fc.assert(
    fc.property(
      rule,
      rule,
      IDENTITY,
      address,
      fc.constantFrom(80, 8080, 9090),
      (wide, narrow, identity, ip, destinationPort) => {
        if (!isWiderInShop(wide, narrow, 'DENY')) return
        wider++
        const connection = {
          identity,
          destinationPort,
          sourceIp: parseCidr(ip),
          destinationIp: undefined,
        }
        const matches = (given: Rule): boolean =>
          matchesPolicy(
            convertAuthorizationPolicy(policyOf(given), {
              rootNamespace: 'istio-system',
              dryRunEnabled: false,
            }).authorization ?? { rules: [] },
            connection,
          )
        expect(matches(narrow) && !matches(wide)).toBe(false)
      },
    ),
    { numRuns: runs(1500), seed: 1 },
  )
  expect(wider).toBeGreaterThan(runs(90))
})

it('a wider rule matches everything that the narrower rule matches at a waypoint', () => {
  let wider = 0
  const rule = ruleOf(fc.record(L4_SOURCE), fc.record({ ...PORTS, ...HTTP }))
  const http = fc.record({
    method: fc.constantFrom('GET', 'POST'),
    host: fc.constantFrom('a.example', 'b.example'),
    path: fc.constantFrom('/a', '/a/b', '/b'),
    headers: fc.constant({}),
    claims: fc.constant(undefined),
  })
  fc.assert(
    fc.property(
      rule,
      rule,
      IDENTITY,
      fc.option(http, { nil: undefined }),
      fc.constantFrom(80, 9090),
      (wide, narrow, identity, request, destinationPort) => {
        const connection: EnvoyConnection = {
          identity,
          destinationPort,
          http: request,
          sourceIp: '10.1.0.1',
          seesSourceIp: false,
          destinationIp: undefined,
        }
        for (const action of ['ALLOW', 'DENY'] as const) {
          if (!isWiderInShop(wide, narrow, action)) continue
          wider++
          const matches = (given: Rule): boolean =>
            matchPolicy({ ...policyOf(given), action }, connection, {
              policyNamespace: 'shop',
              trust: TRUST,
            }) !== undefined
          expect(matches(narrow) && !matches(wide)).toBe(false)
        }
      },
    ),
    { numRuns: runs(1500), seed: 1 },
  )
  expect(wider).toBeGreaterThan(runs(90))
})
