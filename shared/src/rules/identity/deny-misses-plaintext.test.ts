import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { denyMissesPlaintext } from './deny-misses-plaintext.js'
import { denyMissesPlaintextPage } from './deny-misses-plaintext.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = denyMissesPlaintext
const { bad } = denyMissesPlaintextPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*deny-misses-plaintext: /, ''))
const policy = (rule: string, policyName = 'p', action = 'DENY'): string =>
  `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec:\n  action: ${action}\n  rules:\n    - ${rule}\n`
const peer = (spec: string): string =>
  `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: peer, namespace: shop}\nspec: ${spec}\n`
const SHOP = AMBIENT_SHOP.slice(0, -'---\n'.length)

it('marks the identity', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'namespaces: ["dev"]\n',
      'namespaces: ["dev"]\n#           ^^^^^^^^^^ deny-misses-plaintext: Plaintext clients have no identity: this DENY rule does not stop them at workload "api".\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is an information, with what it takes for granted', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([
    {
      level: 'information',
      assumptions: ['no PeerAuthentication outside these files refuses plaintext'],
    },
  ])
})

it('speaks once for a policy', () => {
  expect(
    said(`${bad}    - from: [{source: {principals: ["cluster.local/ns/test/*"]}}]\n`).length,
  ).toBe(1)
})

it.each([
  ['accounts', 'from: [{source: {serviceAccounts: ["dev/web"]}}]'],
  ['a condition', 'when: [{key: source.principal, values: ["cluster.local/ns/dev/*"]}]'],
  ['one port', '{from: [{source: {namespaces: [dev]}}], to: [{operation: {ports: ["8080"]}}]}'],
])('speaks of %s', (_, rule) => {
  expect(said(SHOP + policy(rule)).length).toBe(1)
})

describe('plaintext that is refused', () => {
  it.each([
    ['by STRICT', bad + peer('{mtls: {mode: STRICT}}')],
    [
      'by the same rule',
      SHOP + policy('from: [{source: {namespaces: [dev]}}, {source: {notPrincipals: ["*"]}}]'),
    ],
    ['by another rule', `${bad}    - from: [{source: {notPrincipals: ["*"]}}]\n`],
    [
      'by an ALLOW of identities',
      bad + policy('from: [{source: {namespaces: [web]}}]', 'allow', 'ALLOW'),
    ],
    [
      'on the one port that is denied',
      SHOP +
        policy('{from: [{source: {namespaces: [dev]}}], to: [{operation: {ports: ["9090"]}}]}') +
        peer(
          '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {9090: {mode: STRICT}}}',
        ),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

it.each([
  [
    'the rule excepts identities, and so stops plaintext',
    SHOP + policy('from: [{source: {notNamespaces: [shop]}}]'),
  ],
  ['the rule asks for no identity', SHOP + policy('from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]')],
  [
    'the rule does nothing at ztunnel',
    SHOP + policy('{from: [{source: {namespaces: [dev]}}], to: [{operation: {methods: [GET]}}]}'),
  ],
  ['the policy allows', bad.replace('DENY', 'ALLOW')],
  ['the files show no workload', bad.slice(AMBIENT_SHOP.length)],
  ['another tool fills in the mode', bad + peer('{mtls: {mode: "${MODE}"}}')],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('the fixes', () => {
  it('set STRICT', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      `${bad}---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: deny-dev-strict\n  namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: api\n  mtls:\n    mode: STRICT\n`,
    )
  })

  it('deny clients without identity on the same ports', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Deny clients without identity too' },
      `${bad}    - from:\n        - source:\n            notPrincipals:\n              - "*"\n`,
    )
    const ports = `${bad}      to:\n        - operation:\n            ports: ["8080"]\n`
    expectFixed(
      ports,
      { rule: name, title: 'Deny clients without identity too' },
      `${ports}    - from:\n        - source:\n            notPrincipals:\n              - "*"\n      to:\n        - operation:\n            ports:\n              - "8080"\n`,
    )
  })

  it('are never applied unasked', () => {
    expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false, false])
  })
})
