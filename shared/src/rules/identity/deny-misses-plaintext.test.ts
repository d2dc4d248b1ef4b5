import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { denyMissesPlaintext } from './deny-misses-plaintext.js'
import { denyMissesPlaintextPage } from './deny-misses-plaintext.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = denyMissesPlaintext
const bad = withoutArrows(denyMissesPlaintextPage.bad)
const rules = [name]
const messages = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*deny-misses-plaintext: /, ''))
const policy = (rule: string, policyName = 'p', action = 'DENY'): string =>
  `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${policyName}, namespace: shop}
spec:
  action: ${action}
  rules:
    - ${rule}
`
const peer = (spec: string): string =>
  `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: peer, namespace: shop}
spec: ${spec}
`
const SHOP = AMBIENT_SHOP.slice(0, -'---\n'.length)

it('marks the identity of a DENY rule that plaintext clients bypass', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'namespaces: ["dev"]\n',
      `namespaces: ["dev"]
#           ^^^^^^^^^^ deny-misses-plaintext: This DENY rule does not apply to plaintext clients of workload "api": they have no identity.
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('has the level information and names its assumption', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([
    {
      level: 'information',
      assumptions: ['no PeerAuthentication outside these files denies plaintext'],
    },
  ])
})

it('reports one finding for a policy', () => {
  expect(
    messages(`${bad}    - from: [{source: {principals: ["cluster.local/ns/test/*"]}}]\n`).length,
  ).toBe(1)
})

it.each([
  ['accounts', 'from: [{source: {serviceAccounts: ["dev/web"]}}]'],
  ['a condition', 'when: [{key: source.principal, values: ["cluster.local/ns/dev/*"]}]'],
  ['one port', '{from: [{source: {namespaces: [dev]}}], to: [{operation: {ports: ["8080"]}}]}'],
])('reports a DENY rule with %s', (_, rule) => {
  expect(messages(SHOP + policy(rule)).length).toBe(1)
})

it('the fix for a rule with an operation that ztunnel skips ends the finding', () => {
  expectFixed(
    SHOP +
      policy(
        '{from: [{source: {namespaces: [dev]}}], to: [{operation: {ports: ["80"]}}, {operation: {notPaths: [/a]}}]}',
      ),
    { rule: name, title: 'Also deny clients without identity' },
  )
})

describe('plaintext that is denied', () => {
  it.each([
    ['STRICT', bad + peer('{mtls: {mode: STRICT}}')],
    [
      'the same rule',
      SHOP + policy('from: [{source: {namespaces: [dev]}}, {source: {notPrincipals: ["*"]}}]'),
    ],
    ['another rule', `${bad}    - from: [{source: {notPrincipals: ["*"]}}]\n`],
    [
      'an ALLOW for identities',
      bad + policy('from: [{source: {namespaces: [web]}}]', 'allow', 'ALLOW'),
    ],
    [
      'STRICT on the only port of the rule',
      SHOP +
        policy('{from: [{source: {namespaces: [dev]}}], to: [{operation: {ports: ["9090"]}}]}') +
        peer(
          '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {9090: {mode: STRICT}}}',
        ),
    ],
  ])('reports nothing if plaintext is denied by %s', (_, text) => {
    expect(messages(text)).toEqual([])
  })
})

it.each([
  [
    'the rule excludes identities, and so denies plaintext',
    SHOP + policy('from: [{source: {notNamespaces: [shop]}}]'),
  ],
  ['the rule has no identity', SHOP + policy('from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]')],
  [
    'the rule denies nothing at ztunnel',
    SHOP + policy('{from: [{source: {namespaces: [dev]}}], to: [{operation: {methods: [GET]}}]}'),
  ],
  ['the action is ALLOW', replaceIn(bad, ['DENY', 'ALLOW'])],
  ['the files show no workload', bad.slice(AMBIENT_SHOP.length)],
  ['another tool fills in the mode', bad + peer('{mtls: {mode: "${MODE}"}}')],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

describe('the fixes', () => {
  it('offers a fix that sets mutual TLS to STRICT', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      `${bad}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: deny-dev-strict
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
`,
    )
  })

  it('offers a fix that also denies clients without identity, on the same ports', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Also deny clients without identity' },
      `${bad}    - from:\n        - source:\n            notPrincipals:\n              - "*"\n`,
    )
    const ports = `${bad}      to:\n        - operation:\n            ports: ["8080"]\n`
    expectFixed(
      ports,
      { rule: name, title: 'Also deny clients without identity' },
      `${ports}    - from:
        - source:
            notPrincipals:
              - "*"
      to:
        - operation:
            ports:
              - "8080"
`,
    )
  })

  it('offers no safe fix', () => {
    expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false, false])
  })
})
