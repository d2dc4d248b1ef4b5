import { describe, expect, it } from 'vitest'
import type { Authorization, Match } from './authorization.js'
import { probe, type ProbeVerdict } from './probe.js'

const policy = (action: 'Allow' | 'Deny', ...clauses: (readonly Match[])[]): Authorization => ({
  name: 'p',
  namespace: 'shop',
  scope: 'Namespace',
  action,
  dryRun: false,
  rules: [clauses],
})
const web = { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'web' }
const isWeb: Match = { serviceAccounts: [{ namespace: 'shop', serviceAccount: 'web' }] }
const isDev: Match = { namespaces: [{ Exact: 'dev' }] }
const inside: Match = { sourceIps: ['10.0.0.0/8'] }

describe('a connection whose address nobody knows', () => {
  it.each<[string, readonly Authorization[], ProbeVerdict]>([
    ['no policy', [], 'allow'],
    ['admitted by account', [policy('Allow', [isWeb])], 'allow'],
    ['refused by account', [policy('Allow', [isDev])], 'deny'],
    ['admitted by address', [policy('Allow', [inside])], 'unknown'],
    [
      'admitted by account or by address',
      [policy('Allow', [isWeb]), policy('Allow', [inside])],
      'allow',
    ],
    ['admitted by account and address', [policy('Allow', [{ ...isWeb, ...inside }])], 'unknown'],
    [
      'refused by account, whatever the address',
      [policy('Allow', [{ ...isDev, ...inside }])],
      'deny',
    ],
    [
      'refused by account in one clause, by address in another',
      [policy('Allow', [isDev], [inside])],
      'deny',
    ],
    ['denied by address', [policy('Deny', [{ notSourceIps: ['10.0.0.0/8'] }])], 'unknown'],
    ['denied by account and address', [policy('Deny', [{ ...isWeb, ...inside }])], 'unknown'],
    [
      'denied for another account, whatever the address',
      [policy('Deny', [{ ...isDev, ...inside }])],
      'allow',
    ],
    [
      "denied by the pod's own address",
      [policy('Deny', [{ destinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      "denied by not being at the pod's own address",
      [policy('Deny', [{ notDestinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      "admitted by not being at the pod's own address",
      [policy('Allow', [{ notDestinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      'admitted by account or by address, in one clause',
      [policy('Allow', [isWeb, inside])],
      'allow',
    ],
    [
      'admitted by one of two rules',
      [{ ...policy('Allow', [isWeb]), rules: [[[isWeb]], [[inside]]] }],
      'allow',
    ],
    [
      'denied by the second of two rules',
      [{ ...policy('Deny'), rules: [[[isDev]], [[inside]]] }],
      'unknown',
    ],
    [
      'a list that is empty is no address',
      [policy('Allow', [{ ...isDev, sourceIps: [] }])],
      'deny',
    ],
    ['only an empty list matches nothing', [policy('Allow', [{ sourceIps: [] }])], 'deny'],
    [
      'a DENY and an ALLOW by address that exclude each other',
      [policy('Deny', [inside]), policy('Allow', [{ notSourceIps: ['10.0.0.0/8'] }])],
      'unknown',
    ],
    [
      'a DENY by address of what no ALLOW admits',
      [policy('Deny', [inside]), policy('Allow', [isDev])],
      'deny',
    ],
    [
      "admitted by account, denied by another policy's address",
      [policy('Deny', [inside]), policy('Allow', [isWeb])],
      'unknown',
    ],
    ['denied by another account or by address', [policy('Deny', [isDev, inside])], 'unknown'],
    [
      'denied by account in one clause, by address in another',
      [policy('Deny', [isWeb], [inside])],
      'unknown',
    ],
    ['denied by account beside an address', [policy('Deny', [isWeb, inside])], 'deny'],
  ])('%s', (_, policies, expected) => {
    expect(probe(policies, { identity: web, port: 8080 })).toBe(expected)
  })
})

it('knows ports and missing identities exactly', () => {
  const onPort = policy('Allow', [{ destinationPorts: [8080] }])
  expect(probe([onPort], { identity: undefined, port: 8080 })).toBe('allow')
  expect(probe([onPort], { identity: undefined, port: 9090 })).toBe('deny')
  expect(probe([policy('Allow', [inside])], { identity: undefined, port: 1 })).toBe('unknown')
  expect(
    probe([policy('Allow', [{ principals: [{ Presence: [] }] }])], {
      identity: undefined,
      port: 8080,
    }),
  ).toBe('deny')
})
