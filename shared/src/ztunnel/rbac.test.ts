import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Authorization, AuthorizationRule, Match, StringMatch } from './authorization.js'
import { isEmptyMatch } from './authorization.js'
import { parseAddress } from '../text/ip.js'
import { decide, matchesPolicy, matchesRule, type Connection } from './rbac.js'

const words = ['a', 'ab', 'b', 'cluster.local/ns/a/sa/b', 'cluster.local/ns/a/', '/sa/b', '']
const stringMatch: fc.Arbitrary<StringMatch> = fc.oneof(
  fc.constantFrom(...words).map((Exact) => ({ Exact })),
  fc.constantFrom(...words).map((Prefix) => ({ Prefix })),
  fc.constantFrom(...words).map((Suffix) => ({ Suffix })),
  fc.constant({ Presence: [] as const }),
)
const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 })
const serviceAccount = fc.record({
  namespace: fc.constantFrom('a', 'b'),
  serviceAccount: fc.constantFrom('a', 'b'),
})
const blocks = fc.constantFrom(
  '10.0.0.0/8',
  '10.1.0.1/32',
  '0.0.0.0/0',
  'fd00::/16',
  '::ffff:10.0.0.0/104',
)
const ports = fc.constantFrom(80, 8080, 9090)
const match: fc.Arbitrary<Match> = fc.record(
  {
    namespaces: some(stringMatch),
    notNamespaces: some(stringMatch),
    principals: some(stringMatch),
    notPrincipals: some(stringMatch),
    serviceAccounts: some(serviceAccount),
    notServiceAccounts: some(serviceAccount),
    sourceIps: some(blocks),
    notSourceIps: some(blocks),
    destinationPorts: some(ports),
    notDestinationPorts: some(ports),
  },
  { requiredKeys: [] },
)
const rule: fc.Arbitrary<AuthorizationRule> = fc.array(fc.array(match, { maxLength: 2 }), {
  maxLength: 3,
})
const policy: fc.Arbitrary<Authorization> = fc.record({
  name: fc.constantFrom('p', 'q', 'r'),
  namespace: fc.constant('n'),
  scope: fc.constant('Namespace' as const),
  action: fc.constantFrom('Allow' as const, 'Deny' as const),
  dryRun: fc.boolean(),
  rules: fc.array(rule, { maxLength: 2 }),
})
const policies = fc.array(policy, { maxLength: 4 })
const identity = fc.option(
  fc.record({
    trustDomain: fc.constant('cluster.local'),
    namespace: fc.constantFrom('a', 'b'),
    serviceAccount: fc.constantFrom('a', 'b'),
  }),
  { nil: undefined },
)
const connection: fc.Arbitrary<Connection> = fc.record({
  sourceIp: fc.constantFrom('10.1.0.1', '192.168.0.1', 'fd00::1').map(parseAddress),
  destinationIp: fc.constant(parseAddress('10.2.0.1')),
  destinationPort: ports,
  identity,
})
const verdict = (set: readonly Authorization[], conn: Connection): string =>
  decide(set, conn).verdict
const allowNothing: Authorization = {
  name: 'none',
  namespace: 'n',
  scope: 'Namespace',
  action: 'Allow',
  dryRun: false,
  rules: [],
}

it('an allowed connection stays allowed without DENY policies, and with one more ALLOW policy', () => {
  fc.assert(
    fc.property(policies, policy, connection, (set, added, conn) => {
      if (verdict(set, conn) === 'allow')
        expect(
          verdict(
            set.filter((item) => item.action !== 'Deny'),
            conn,
          ),
        ).toBe('allow')
      const hasAllow = set.some((item) => item.action === 'Allow' && !item.dryRun)
      if (hasAllow && verdict(set, conn) === 'allow')
        expect(verdict([...set, { ...added, action: 'Allow' }], conn)).toBe('allow')
    }),
  )
})

it('the order of policies, rules, clauses, matches and values does not change the verdict', () => {
  const reversed = (set: readonly Authorization[]): Authorization[] =>
    [...set].reverse().map((item) => ({
      ...item,
      rules: [...item.rules].reverse().map((clauses) =>
        [...clauses].reverse().map((clause) =>
          [...clause].reverse().map(
            (fields) =>
              Object.fromEntries(
                Object.entries(fields)
                  .reverse()
                  .map(([key, values]) => [key, [...(values as readonly unknown[])].reverse()]),
              ) as Match,
          ),
        ),
      ),
    }))
  fc.assert(
    fc.property(policies, connection, (set, conn) => {
      expect(verdict(reversed(set), conn)).toBe(verdict(set, conn))
    }),
  )
})

it('a policy without rules never matches', () => {
  fc.assert(
    fc.property(
      policies,
      fc.constantFrom('Allow' as const, 'Deny' as const),
      connection,
      (set, action, conn) => {
        const empty = { ...allowNothing, action }
        expect(verdict([...set, empty], conn)).toBe(
          verdict([...set, { ...empty, rules: [[[{}]]] }], conn),
        )
      },
    ),
  )
})

it('a first ALLOW policy without rules denies everything, a further one changes nothing', () => {
  fc.assert(
    fc.property(policies, connection, (set, conn) => {
      const hasAllow = set.some((item) => item.action === 'Allow' && !item.dryRun)
      expect(verdict([...set, allowNothing], conn)).toBe(hasAllow ? verdict(set, conn) : 'deny')
    }),
  )
})

it('a connection without identity matches no value of an identity field', () => {
  fc.assert(
    fc.property(
      match,
      some(stringMatch),
      some(stringMatch),
      connection,
      (fields, left, right, conn) => {
        const plaintext = { ...conn, identity: undefined }
        const matched = (principals: StringMatch[]): boolean =>
          matchesRule([[{ ...fields, principals }]], plaintext)
        expect(matched(left)).toBe(matched(right))
      },
    ),
  )
})

it('a match without one of its fields matches more, and without its last field nothing', () => {
  fc.assert(
    fc.property(match, connection, (fields, conn) => {
      const keys = Object.keys(fields) as (keyof Match)[]
      for (const key of keys) {
        const { [key]: erased, ...rest } = fields
        expect(erased).toBeDefined()
        if (isEmptyMatch(rest)) expect(matchesRule([[rest]], conn)).toBe(false)
        else if (matchesRule([[fields]], conn)) expect(matchesRule([[rest]], conn)).toBe(true)
      }
    }),
  )
})

it('an invalid block matches no address, and a missing address matches no block', () => {
  const matched = (match: Match, sourceIp: string | undefined): boolean =>
    matchesRule([[match]], {
      sourceIp: sourceIp === undefined ? undefined : parseAddress(sourceIp),
      destinationIp: undefined,
      destinationPort: 80,
      identity: undefined,
    })
  expect([
    matched({ sourceIps: ['nonsense'] }, '10.0.0.1'),
    matched({ sourceIps: ['10.0.0.0/8'] }, undefined),
    matched({ sourceIps: ['10.0.0.0/8'] }, '10.0.0.1'),
  ]).toEqual([false, false, true])
  expect([
    matched({ notSourceIps: ['nonsense'] }, '10.0.0.1'),
    matched({ notSourceIps: ['10.0.0.0/8'] }, undefined),
    matched({ notSourceIps: ['10.0.0.0/8'] }, '10.0.0.1'),
  ]).toEqual([true, true, false])
})

it('presence does not match a missing identity, and a prefix matches the start', () => {
  const plaintext: Connection = {
    sourceIp: undefined,
    destinationIp: undefined,
    destinationPort: 80,
    identity: undefined,
  }
  const withIdentity = {
    ...plaintext,
    identity: { trustDomain: 'td', namespace: 'ns', serviceAccount: 'sa' },
  }
  const rules = (principals: StringMatch[]) => ({ rules: [[[{ principals }]]] })
  expect(matchesPolicy(rules([{ Presence: [] }]), plaintext)).toBe(false)
  expect(matchesPolicy(rules([{ Presence: [] }]), withIdentity)).toBe(true)
  expect(matchesPolicy(rules([{ Prefix: 'td/ns/n' }]), withIdentity)).toBe(true)
  expect(matchesPolicy({ rules: [[[{ notPrincipals: [{ Presence: [] }] }]]] }, plaintext)).toBe(
    true,
  )
  expect(matchesPolicy({ rules: [[[{ namespaces: [{ Exact: '' }] }]]] }, plaintext)).toBe(true)
})
