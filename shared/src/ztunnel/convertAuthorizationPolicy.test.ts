import { describe, expect, it } from 'vitest'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { resourceOf } from '../testing/index.js'
import { convertAuthorizationPolicy, isDryRun } from './convertAuthorizationPolicy.js'

type Plain = Readonly<Record<string, unknown>>

const policy = (spec: Plain, annotations: Plain = {}, namespace = 'shop'): AuthorizationPolicy =>
  resourceOf(
    'AuthorizationPolicy',
    JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'p', namespace, annotations },
      spec,
    }),
  )
const converted = (
  spec: Plain,
  annotations: Plain = {},
  { namespace = 'shop', dryRunEnabled = false } = {},
) =>
  convertAuthorizationPolicy(policy(spec, annotations, namespace), {
    rootNamespace: 'istio-system',
    dryRunEnabled,
  })
const rulesOf = (rule: Plain, action = 'DENY') =>
  converted({ action, rules: [rule] }).authorization?.rules
const DRY = { 'istio.io/dry-run': 'true' }
const TARGET = { targetRefs: [{ group: '', kind: 'Service', name: 'a' }] }

describe('the policy that istiod sends', () => {
  it.each<[string, Plain, Plain, boolean, string | undefined]>([
    ['an ALLOW policy is sent', {}, {}, false, undefined],
    ['a DENY policy is sent', { action: 'DENY' }, {}, false, undefined],
    ['an AUDIT policy is not sent', { action: 'AUDIT' }, {}, false, 'action'],
    ['a CUSTOM policy is not sent', { action: 'CUSTOM' }, {}, false, 'action'],
    ['a policy with targetRefs is not sent', TARGET, {}, false, 'targetRefs'],
    [
      'an AUDIT policy with targetRefs is not sent because of its targetRefs',
      { ...TARGET, action: 'AUDIT' },
      {},
      false,
      'targetRefs',
    ],
    ['a dry run is not sent', {}, DRY, false, 'dry-run'],
    [
      'a dry run with targetRefs is not sent because it is a dry run',
      TARGET,
      DRY,
      false,
      'dry-run',
    ],
    ['a dry run is sent with the flag', {}, DRY, true, undefined],
    ['an AUDIT dry run is not sent with the flag', { action: 'AUDIT' }, DRY, true, 'action'],
  ])('%s', (_, spec, annotations, dryRunEnabled, expected) => {
    const conversion = converted(spec, annotations, { dryRunEnabled })
    expect(conversion.notSent).toBe(expected)
    expect(conversion.authorization === undefined).toBe(expected !== undefined)
  })

  it('the sent policy has the name, scope, action and rules of the object', () => {
    expect(
      converted({ action: 'DENY', selector: { matchLabels: { a: 'b' } }, rules: [{}] })
        .authorization,
    ).toEqual({
      name: 'p',
      namespace: 'shop',
      scope: 'WorkloadSelector',
      action: 'Deny',
      dryRun: false,
      rules: [[]],
    })
    expect(converted({}, DRY, { dryRunEnabled: true }).authorization).toEqual({
      name: 'p',
      namespace: 'shop',
      scope: 'Namespace',
      action: 'Allow',
      dryRun: true,
      rules: [],
    })
    expect(converted({}, {}, { namespace: 'istio-system' }).authorization?.scope).toBe('Global')
    expect(
      converted({ selector: {} }, {}, { namespace: 'istio-system' }).authorization?.scope,
    ).toBe('WorkloadSelector')
  })

  it('a policy is a dry run if Go reads its annotation as true', () => {
    const dry = (value: string): boolean => isDryRun(policy({}, { 'istio.io/dry-run': value }))
    expect(
      ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'false', 'yes', 'tRUE', ''].map(dry),
    ).toEqual([...Array<boolean>(6).fill(true), ...Array<boolean>(6).fill(false)])
    expect(isDryRun(policy({}))).toBe(false)
  })
})

describe('the rule that istiod sends', () => {
  it('a rule becomes one clause for to, one for from and one for each when', () => {
    const rule = {
      from: [
        {
          source: {
            principals: ['a/*'],
            notPrincipals: ['*'],
            namespaces: ['*x'],
            notNamespaces: ['y'],
            serviceAccounts: ['web', 'dev/ci'],
            notServiceAccounts: ['z'],
            ipBlocks: ['10.0.0.1', 'nonsense'],
            notIpBlocks: ['fd00::/16'],
          },
        },
        {},
      ],
      to: [
        {
          operation: {
            ports: ['80', '0080', 'http', '+80', '80.5', '1e3', '65535', '65536'],
            notPorts: ['9090'],
          },
        },
      ],
      when: [
        { key: 'source.ip', values: ['10.0.0.0/8'], notValues: ['10.0.0.1'] },
        { key: 'source.namespace', values: ['a'], notValues: ['b'] },
        { key: 'source.principal', values: ['c'], notValues: ['d'] },
        { key: 'destination.ip', values: ['10.0.0.2'], notValues: ['10.0.0.3'] },
        { key: 'destination.port', values: ['80'], notValues: ['81'] },
      ],
    }
    expect(rulesOf(rule)).toEqual([
      [
        [{ destinationPorts: [80, 80, 65535], notDestinationPorts: [9090] }],
        [
          {
            namespaces: [{ Suffix: 'x' }],
            notNamespaces: [{ Exact: 'y' }],
            serviceAccounts: [
              { namespace: 'shop', serviceAccount: 'web' },
              { namespace: 'dev', serviceAccount: 'ci' },
            ],
            notServiceAccounts: [{ namespace: 'shop', serviceAccount: 'z' }],
            principals: [{ Prefix: 'a/' }],
            notPrincipals: [{ Presence: [] }],
            sourceIps: ['10.0.0.1/32'],
            notSourceIps: ['fd00::/16'],
          },
          {},
        ],
        [{ sourceIps: ['10.0.0.0/8'], notSourceIps: ['10.0.0.1/32'] }],
        [{ namespaces: [{ Exact: 'a' }], notNamespaces: [{ Exact: 'b' }] }],
        [{ principals: [{ Exact: 'c' }], notPrincipals: [{ Exact: 'd' }] }],
        [{ destinationIps: ['10.0.0.2/32'], notDestinationIps: ['10.0.0.3/32'] }],
        [{ destinationPorts: [80], notDestinationPorts: [81] }],
      ],
    ])
  })

  it('an empty list becomes no clause', () => {
    expect(rulesOf({ to: [], from: [], when: [] })).toEqual([[]])
    expect(rulesOf({ from: [{ source: { principals: [], ipBlocks: [] } }] })).toEqual([[[{}]]])
  })

  it('a converted rule lists what ztunnel does not support, with the paths', () => {
    const { rules } = converted({
      rules: [
        {
          from: [
            { source: { namespaces: ['a'] } },
            { source: { requestPrincipals: ['*'], trustDomains: ['x'] } },
          ],
          to: [{ operation: { ports: ['80'] } }, { operation: { methods: ['GET'] } }],
          when: [
            { key: 'source.ip', values: ['10.0.0.1'] },
            { key: 'connection.sni', values: ['a'] },
          ],
        },
        { from: [{ source: { namespaces: ['a'] } }] },
        { from: [{ source: { trustDomains: ['x'] } }] },
      ],
    })
    expect(
      rules.map(({ index, unsupported, effective, rule }) => ({
        index,
        effective,
        sent: rule !== undefined,
        unsupported: unsupported.map(({ name, path }) => `${name} ${path.join('.')}`),
      })),
    ).toEqual([
      {
        index: 0,
        effective: false,
        sent: false,
        unsupported: [
          'requestPrincipals spec.rules.0.from.1.source.requestPrincipals',
          'methods spec.rules.0.to.1.operation.methods',
          'connection.sni spec.rules.0.when.1.key',
        ],
      },
      { index: 1, effective: true, sent: true, unsupported: [] },
      { index: 2, effective: false, sent: true, unsupported: [] },
    ])
  })

  it('a DENY rule is sent without what ztunnel does not support', () => {
    const conversion = converted({
      action: 'DENY',
      rules: [
        { to: [{ operation: { methods: ['GET'] } }] },
        { to: [{ operation: { methods: ['GET'], ports: ['80'] } }] },
      ],
    })
    expect(conversion.rules.map(({ effective, rule }) => [effective, rule])).toEqual([
      [false, [[{}]]],
      [true, [[{ destinationPorts: [80] }]]],
    ])
  })

  it('an ALLOW rule that istiod drops is not effective', () => {
    expect(
      converted({
        rules: [
          {
            from: [{ source: { namespaces: ['a'] } }],
            to: [{ operation: { methods: ['GET'], ports: ['80'] } }],
          },
        ],
      }).rules.map(({ effective }) => effective),
    ).toEqual([false])
  })
})
