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
import { negationAdmitsPlaintext } from './negation-admits-plaintext.js'
import { negationAdmitsPlaintextPage } from './negation-admits-plaintext.page.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const { name } = negationAdmitsPlaintext
const { good } = negationAdmitsPlaintextPage
const bad = withoutArrows(negationAdmitsPlaintextPage.bad)
const rules = [name]
const messages = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*negation-admits-plaintext: /, ''))
const policy = (rule: string, policyName = 'p', action = 'ALLOW'): string =>
  `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${policyName}, namespace: shop}
spec:
  action: ${action}
  rules:
    - ${rule}
`
const peer = (spec: string, namespace = 'shop'): string =>
  `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: peer, namespace: ${namespace}}
spec: ${spec}
`
const SHOP = AMBIENT_SHOP.slice(0, -'---\n'.length)

it('marks the field that excludes identities', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'notNamespaces: ["dev"]\n',
      `notNamespaces: ["dev"]
#           ^^^^^^^^^^^^^ negation-admits-plaintext: This ALLOW rule also allows plaintext to workload "api": "notNamespaces" is true for clients without an identity.
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('names its assumption if no PeerAuthentication sets a mode', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([
    {
      level: 'warning',
      assumptions: ['no PeerAuthentication outside these files denies plaintext'],
    },
  ])
  expect(findingsOf(analyse(bad + peer('{mtls: {mode: PERMISSIVE}}')))).toMatchObject([
    { rule: name, assumptions: [] },
  ])
})

it.each([
  [
    'principals',
    'from: [{source: {notPrincipals: ["cluster.local/ns/dev/*"]}}]',
    '"notPrincipals"',
  ],
  [
    'service accounts',
    'from: [{source: {notServiceAccounts: ["dev/web"]}}]',
    '"notServiceAccounts"',
  ],
  ['namespaces in a condition', 'when: [{key: source.namespace, notValues: [dev]}]', '"notValues"'],
  [
    'namespaces on one port',
    '{from: [{source: {notNamespaces: [dev]}}], to: [{operation: {ports: ["8080"]}}]}',
    '"notNamespaces"',
  ],
  [
    'namespaces in one of several sources',
    'from: [{source: {namespaces: [web]}}, {source: {notNamespaces: [dev]}}]',
    '"notNamespaces"',
  ],
])('reports an ALLOW rule that excludes %s', (_, rule, field) => {
  expect(messages(SHOP + policy(rule))).toEqual([
    `This ALLOW rule also allows plaintext to workload "api": ${field} is true for clients without an identity.`,
  ])
})

describe('plaintext that is denied', () => {
  it.each([
    ['STRICT of the mesh', MESH_STRICT + bad],
    ['STRICT of the namespace', bad + peer('{mtls: {mode: STRICT}}')],
    [
      'STRICT of the workload',
      bad + peer('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}'),
    ],
    [
      'STRICT on the only port',
      bad +
        peer(
          '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {8080: {mode: STRICT}}}',
        ),
    ],
    ['a DENY', bad + policy('from: [{source: {notPrincipals: ["*"]}}]', 'd', 'DENY')],
    ['an identity in the same source', good],
    [
      'another condition of the rule',
      SHOP +
        policy(
          '{from: [{source: {notNamespaces: [dev]}}], when: [{key: source.principal, values: ["*"]}]}',
        ),
    ],
  ])('reports nothing if plaintext is denied by %s', (_, text) => {
    expect(messages(text)).toEqual([])
  })

  it('reports the rule if only another port is STRICT', () => {
    expect(
      messages(
        bad +
          peer(
            '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {9090: {mode: STRICT}}}',
          ),
      ).length,
    ).toBe(1)
  })
})

it.each([
  ['another ALLOW allows plaintext on purpose', bad + policy('{}', 'all')],
  ['the action is DENY', replaceIn(bad, ['ALLOW', 'DENY'])],
  [
    'the policy is for a waypoint, which plaintext never reaches',
    replaceIn(bad, [
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: not-dev\n',
      'name: not-dev\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
  [
    'the workload is not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'two PeerAuthentications set different modes at one level',
    `${bad}${peer('{mtls: {mode: PERMISSIVE}}')}${replaceIn(peer('{mtls: {mode: STRICT}}'), ['name: peer', 'name: other'])}`,
  ],
  ['another tool fills in the mode', bad + peer('{mtls: {mode: "${MODE}"}}')],
  [
    'another tool fills in a policy',
    bad + policy('from: [{source: {notPrincipals: ["${P}"]}}]', 'd', '"${ACTION}"'),
  ],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

it('reports nothing if a template may set the mode, and assumes no other templated policy', () => {
  const template = (kind: string): Files => ({
    'a.yaml': bad,
    'chart/Chart.yaml': 'name: c\n',
    'chart/templates/p.yaml': `apiVersion: security.istio.io/v1
kind: ${kind}
metadata:
  name: {{ .Release.Name }}
`,
  })
  expect(messages(template('PeerAuthentication'))).toEqual([])
  expect(findingsOf(analyse(template('AuthorizationPolicy')))[0]?.assumptions).toContain(
    'no template adds an AuthorizationPolicy to these workloads or to their waypoint',
  )
})

describe('a policy whose workloads are not in the files', () => {
  const alone = replaceIn(bad.slice(AMBIENT_SHOP.length), ['  namespace: shop\n', ''])

  it('reports a policy without workloads in the files if it is the only one', () => {
    expect(findingsOf(analyse(alone))).toMatchObject([
      {
        rule: name,
        assumptions: [
          'the namespace it is applied to is ambient',
          'no PeerAuthentication outside these files denies plaintext',
        ],
      },
    ])
  })

  it('reports nothing for a policy without workloads in the files beside another policy', () => {
    expect(messages(`${alone}---\n${replaceIn(alone, ['not-dev', 'other'])}`)).toEqual([])
    const bare = (spec: string): string => replaceIn(peer(spec), [', namespace: shop', ''])
    expect(messages(alone + bare('{mtls: {mode: STRICT}}'))).toEqual([])
    const selecting = bare('{selector: {matchLabels: {a: b}}, mtls: {mode: PERMISSIVE}}')
    expect(messages(alone + selecting)).toEqual([])
  })
})

describe('the fixes', () => {
  it('offers a safe fix that requires an identity', () => {
    const fixed = expectFixed(bad, { rule: name, title: 'Add principals: ["*"]' })
    expect(fixed['test.yaml']).toBe(
      replaceIn(bad, [
        'notNamespaces: ["dev"]',
        'notNamespaces: ["dev"]\n            principals:\n              - "*"',
      ]),
    )
    const condition =
      SHOP +
      replaceIn(policy('when: []'), [
        'when: []',
        'when:\n        - key: source.namespace\n          notValues: ["dev"]',
      ])
    expectFixed(
      condition,
      { rule: name, title: 'Add values: ["*"]' },
      replaceIn(condition, [
        'notValues: ["dev"]',
        'notValues: ["dev"]\n          values:\n            - "*"',
      ]),
    )
    expect(findingsOf(analyse(bad))[0]?.fixes.map(({ title, safe }) => [title, safe])).toEqual([
      ['Add principals: ["*"]', true],
      ['Set mutual TLS to STRICT', false],
    ])
  })

  it('offers a fix that sets STRICT for the same workloads or for the namespace', () => {
    const strict = (selector: string): string =>
      `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: not-dev-strict
  namespace: shop
spec:
${selector}  mtls:
    mode: STRICT
`
    expectFixed(
      bad,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      bad + strict('  selector:\n    matchLabels:\n      app: api\n'),
    )
    const wide = replaceIn(bad, [
      / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      '  action',
    ])
    expectFixed(wide, { rule: name, title: 'Set mutual TLS to STRICT' }, wide + strict(''))
    const files = wide + peer('{mtls: {mode: PERMISSIVE}}')
    expectFixed(
      files,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      replaceIn(files, ['PERMISSIVE', 'STRICT']),
    )
  })

  it('offers no STRICT if another PeerAuthentication selects pods', () => {
    const titles = (text: string): unknown =>
      findingsOf(analyse(text))
        .find(({ rule }) => rule === name)
        ?.fixes.map(({ title }) => title)
    expect(
      titles(bad + peer('{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}')),
    ).toEqual(['Add principals: ["*"]'])
    expect(
      titles(
        SHOP +
          policy('from: [{source: {notServiceAccounts: ["dev/web"]}}]') +
          peer('{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}'),
      ),
    ).toEqual([])
    expect(
      titles(
        replaceIn(bad, [
          'name: not-dev\n  namespace: shop',
          'name: not-dev\n  namespace: istio-system',
        ]),
      ),
    ).toEqual(['Add principals: ["*"]'])
  })
})
