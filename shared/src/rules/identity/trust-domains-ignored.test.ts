import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { AMBIENT_SHOP } from '../support/examples.js'
import { trustDomainsIgnored } from './trust-domains-ignored.js'
import { trustDomainsIgnoredPage } from './trust-domains-ignored.page.js'

const { name } = trustDomainsIgnored
const { bad } = trustDomainsIgnoredPage
const rules = [name]
const policy = (
  action: string,
  from: string,
): string => `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  action: ${action}
  rules:
    - from:
${from
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
`
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(name))
    .map((line) => line.replace(/^.*ignored: /, ''))

it('marks the field', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '            trustDomains: ["cluster.local"]\n',
      (line) =>
        `${line}#           ^^^^^^^^^^^^ trust-domains-ignored: ztunnel ignores "trustDomains": this source admits more than is written at workload "api".\n`,
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('what it says', () => {
  it.each([
    [
      'an ALLOW that never matches',
      policy('ALLOW', '- source: {trustDomains: [cluster.local]}'),
      [
        'ztunnel ignores "trustDomains", and nothing else is in the source: this ALLOW rule never matches and admits nobody at workload "api".',
      ],
    ],
    [
      'a DENY that never matches',
      policy('DENY', '- source: {notTrustDomains: [cluster.local]}'),
      [
        'ztunnel ignores "notTrustDomains", and nothing else is in the source: this DENY rule never matches and stops nobody at workload "api".',
      ],
    ],
    [
      'one source of several',
      policy('DENY', '- source: {trustDomains: [a]}\n- source: {namespaces: [dev]}'),
      [
        'ztunnel ignores "trustDomains", and nothing else is in the source: this source never matches and stops nobody at workload "api".',
      ],
    ],
    [
      'a DENY that is wider',
      policy('DENY', '- source: {trustDomains: [a], namespaces: [dev]}'),
      [
        'ztunnel ignores "trustDomains": this source denies more than is written at workload "api".',
      ],
    ],
  ])('of %s', (_, text, expected) => {
    expect(said(text)).toEqual(expected)
  })

  it('fits whatever the names are', () => {
    for (const { message } of findingsOf(
      analyse(
        policy('ALLOW', '- source: {notTrustDomains: [a]}').replaceAll(
          'name: api',
          `name: ${'x'.repeat(60)}`,
        ),
      ),
    ))
      expect(message.length).toBeLessThanOrEqual(140)
  })
})

it.each([
  [
    'the rule is dropped for an HTTP attribute anyway',
    policy('ALLOW', '- source: {trustDomains: [a], requestPrincipals: [b]}'),
  ],
  [
    'a waypoint enforces the policy',
    bad.replace(
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ),
  ],
  [
    'sidecars enforce it',
    bad.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled'),
  ],
  [
    'it is a dry run',
    bad.replace(
      'name: allow-web\n',
      'name: allow-web\n  annotations:\n    istio.io/dry-run: "true"\n',
    ),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('the fixes', () => {
  it('say it in principals', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Use principals' },
      bad.replace(
        'trustDomains: ["cluster.local"]',
        'principals:\n              - cluster.local/*',
      ),
    )
    const deny = policy('DENY', '- source:\n    notTrustDomains: ["cluster.local"]')
    expectFixed(
      deny,
      { rule: name, title: 'Use notPrincipals' },
      deny.replace(
        'notTrustDomains: ["cluster.local"]',
        'notPrincipals:\n              - cluster.local/*',
      ),
    )
  })

  it('remove the field, which changes nothing', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Remove trustDomains' },
      bad.replace('            trustDomains: ["cluster.local"]\n', ''),
    )
  })

  it('are none where another trust domain is named, and where nothing else is in the source', () => {
    const fixes = (text: string): unknown =>
      findingsOf(analyse(text))
        .find(({ rule }) => rule === name)
        ?.fixes.map(({ title, safe }) => [title, safe])
    expect(fixes(policy('ALLOW', '- source: {trustDomains: [other.example]}'))).toEqual([])
    expect(fixes(policy('ALLOW', '- source: {trustDomains: [cluster.local]}'))).toEqual([
      ['Use principals', false],
    ])
    expect(fixes(bad)).toEqual([
      ['Use principals', true],
      ['Remove trustDomains', true],
    ])
    expect(fixes(bad.replace('action: ALLOW', 'action: DENY'))).toEqual([
      ['Use principals', false],
      ['Remove trustDomains', true],
    ])
    expect(fixes(bad.replace('namespaces: ["web"]', 'serviceAccounts: ["web"]'))).toEqual([
      ['Remove trustDomains', true],
    ])
  })
})
