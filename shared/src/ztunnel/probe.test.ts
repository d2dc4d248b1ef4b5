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

describe('a connection with unknown addresses', () => {
  it.each<[string, readonly Authorization[], ProbeVerdict]>([
    ['without a policy', [], 'allow'],
    ['allowed by account', [policy('Allow', [isWeb])], 'allow'],
    ['not allowed by account', [policy('Allow', [isDev])], 'deny'],
    ['allowed by address', [policy('Allow', [inside])], 'unknown'],
    [
      'allowed by account or by address',
      [policy('Allow', [isWeb]), policy('Allow', [inside])],
      'allow',
    ],
    ['allowed by account and address', [policy('Allow', [{ ...isWeb, ...inside }])], 'unknown'],
    [
      'not allowed by account, with an address',
      [policy('Allow', [{ ...isDev, ...inside }])],
      'deny',
    ],
    [
      'not allowed by account in one clause, by address in another',
      [policy('Allow', [isDev], [inside])],
      'deny',
    ],
    ['denied by address', [policy('Deny', [{ notSourceIps: ['10.0.0.0/8'] }])], 'unknown'],
    ['denied by account and address', [policy('Deny', [{ ...isWeb, ...inside }])], 'unknown'],
    [
      'denied for another account, with an address',
      [policy('Deny', [{ ...isDev, ...inside }])],
      'allow',
    ],
    [
      'denied by the address of the pod',
      [policy('Deny', [{ destinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      'denied by an excluded address of the pod',
      [policy('Deny', [{ notDestinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      'allowed by an excluded address of the pod',
      [policy('Allow', [{ notDestinationIps: ['10.0.0.1/32'] }])],
      'unknown',
    ],
    [
      'allowed by account or by address, in one clause',
      [policy('Allow', [isWeb, inside])],
      'allow',
    ],
    [
      'allowed by one of two rules',
      [{ ...policy('Allow', [isWeb]), rules: [[[isWeb]], [[inside]]] }],
      'allow',
    ],
    [
      'denied by the second of two rules',
      [{ ...policy('Deny'), rules: [[[isDev]], [[inside]]] }],
      'unknown',
    ],
    [
      'not allowed by account, with an empty list of addresses',
      [policy('Allow', [{ ...isDev, sourceIps: [] }])],
      'deny',
    ],
    ['not allowed by an empty list of addresses', [policy('Allow', [{ sourceIps: [] }])], 'deny'],
    [
      'denied by addresses, and allowed by all other addresses',
      [policy('Deny', [inside]), policy('Allow', [{ notSourceIps: ['10.0.0.0/8'] }])],
      'unknown',
    ],
    [
      'denied by address, and not allowed by account',
      [policy('Deny', [inside]), policy('Allow', [isDev])],
      'deny',
    ],
    [
      'allowed by account, denied by address',
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
  ])('the verdict is right for a connection %s', (_, policies, expected) => {
    expect(probe(policies, { identity: web, port: 8080 })).toBe(expected)
  })
})

it('a port or a missing identity never makes the verdict unknown', () => {
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
