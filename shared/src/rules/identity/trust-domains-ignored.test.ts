import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  documents,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { install } from '../../testing/shopMesh.js'
import { AMBIENT_SHOP } from '../support/examples.js'
import { trustDomainsIgnored } from './trust-domains-ignored.js'
import { trustDomainsIgnoredPage } from './trust-domains-ignored.page.js'

const { name } = trustDomainsIgnored
const bad = withoutArrows(trustDomainsIgnoredPage.bad)
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
const messages = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(name))
    .map((line) => line.replace(/^.*ignored: /, ''))

it('marks the ignored field of a source', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '            trustDomains: ["cluster.local"]\n',
      `$&\
#           ^^^^^^^^^^^^ trust-domains-ignored: This source allows more than intended at workload "api": ztunnel ignores "trustDomains".
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the message', () => {
  it.each([
    [
      'an ALLOW that never matches',
      policy('ALLOW', '- source: {trustDomains: [cluster.local]}'),
      [
        'This ALLOW rule allows nothing at workload "api": ztunnel ignores "trustDomains", its only field.',
      ],
    ],
    [
      'a DENY that never matches',
      policy('DENY', '- source: {notTrustDomains: [cluster.local]}'),
      [
        'This DENY rule denies nothing at workload "api": ztunnel ignores "notTrustDomains", its only field.',
      ],
    ],
    [
      'one of several sources that never matches',
      policy('DENY', '- source: {trustDomains: [a]}\n- source: {namespaces: [dev]}'),
      [
        'This source denies nothing at workload "api": ztunnel ignores "trustDomains", its only field.',
      ],
    ],
    [
      'a DENY that denies more',
      policy('DENY', '- source: {trustDomains: [a], namespaces: [dev]}'),
      ['This source denies more than intended at workload "api": ztunnel ignores "trustDomains".'],
    ],
  ])('names the effect of %s', (_, text, expected) => {
    expect(messages(text)).toEqual(expected)
  })

  it('has a message of at most 140 characters with long names', () => {
    for (const { message } of findingsOf(
      analyse(
        replaceAllIn(policy('ALLOW', '- source: {notTrustDomains: [a]}'), [
          'name: api',
          `name: ${'x'.repeat(60)}`,
        ]),
      ),
    ))
      expect(message.length).toBeLessThanOrEqual(140)
  })
})

it.each([
  [
    'ztunnel drops the rule because of an HTTP attribute',
    policy('ALLOW', '- source: {trustDomains: [a], requestPrincipals: [b]}'),
  ],
  [
    'a waypoint enforces the policy',
    replaceIn(bad, [
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
  ],
  [
    'sidecars enforce the policy',
    replaceIn(bad, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: allow-web\n',
      'name: allow-web\n  annotations:\n    istio.io/dry-run: "true"\n',
    ]),
  ],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

describe('the trust domain of the mesh', () => {
  const IDLE = (field: string, trustDomain = 'corp'): string =>
    `information: ztunnel ignores "${field}", which has no effect there: every identity has the trust domain "${trustDomain}".`
  const WIDER = (field: string): string =>
    `error: This source allows more than intended at workload "api": ztunnel ignores "${field}".`
  const installed = install('default', { trustDomain: 'corp', trustDomainAliases: ['old'] })
  const found = (source: string, ...others: readonly string[]): string[] =>
    findingsOf(analyse(documents(policy('ALLOW', `- source: {${source}}`), ...others)))
      .filter(({ rule }) => rule === name)
      .map(({ level, message }) => `${level}: ${message}`)

  it.each<[string, string, string]>([
    ['a namespace', 'namespaces: [web], trustDomains: [corp]', IDLE('trustDomains')],
    ['an account', 'serviceAccounts: [web/a], trustDomains: [corp]', IDLE('trustDomains')],
    ['a pattern', 'namespaces: [web], trustDomains: ["c*"]', IDLE('trustDomains')],
    ['an alias', 'namespaces: [web], trustDomains: [old]', IDLE('trustDomains')],
    ['a foreign trust domain', 'namespaces: [web], trustDomains: [far]', WIDER('trustDomains')],
    ['an address', 'ipBlocks: [10.0.0.0/8], trustDomains: [corp]', WIDER('trustDomains')],
    ['another namespace', 'notNamespaces: [web], trustDomains: [corp]', WIDER('trustDomains')],
    [
      'a foreign one that is excluded',
      'namespaces: [web], notTrustDomains: [far]',
      IDLE('notTrustDomains'),
    ],
    ['its own exclusion', 'namespaces: [web], notTrustDomains: [corp]', WIDER('notTrustDomains')],
  ])('changes nothing at ztunnel, or opens the source, beside %s', (_, source, expected) => {
    expect(found(source, installed)).toEqual([expected])
  })

  it('is assumed if no install names it', () => {
    const [finding] = findingsOf(
      analyse(policy('ALLOW', '- source: {namespaces: [web], trustDomains: [cluster.local]}')),
    ).filter(({ rule }) => rule === name)
    expect(finding).toMatchObject({
      level: 'information',
      message: replaceIn(IDLE('trustDomains', 'cluster.local'), ['information: ', '']),
      assumptions: ['the trust domain of the mesh is "cluster.local"'],
    })
  })
})

describe('the fixes', () => {
  it('offers a fix that uses principals', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Use principals' },
      replaceIn(bad, [
        'trustDomains: ["cluster.local"]',
        'principals:\n              - cluster.local/*',
      ]),
    )
    const deny = policy('DENY', '- source:\n    notTrustDomains: ["cluster.local"]')
    expectFixed(
      deny,
      { rule: name, title: 'Use notPrincipals' },
      replaceIn(deny, [
        'notTrustDomains: ["cluster.local"]',
        'notPrincipals:\n              - cluster.local/*',
      ]),
    )
  })

  it('offers a fix that removes the ignored field', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Remove trustDomains' },
      replaceIn(bad, ['            trustDomains: ["cluster.local"]\n', '']),
    )
  })

  it('offers only fixes that keep a source with the trust domain of the mesh', () => {
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
    expect(fixes(replaceIn(bad, ['action: ALLOW', 'action: DENY']))).toEqual([
      ['Use principals', false],
      ['Remove trustDomains', true],
    ])
    expect(fixes(replaceIn(bad, ['ipBlocks: ["10.0.0.0/8"]', 'serviceAccounts: ["web"]']))).toEqual(
      [['Remove trustDomains', true]],
    )
  })
})
