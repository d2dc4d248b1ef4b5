import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { negationAdmitsPlaintext } from './negation-admits-plaintext.js'
import { negationAdmitsPlaintextPage } from './negation-admits-plaintext.page.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const { name } = negationAdmitsPlaintext
const { bad, good } = negationAdmitsPlaintextPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*negation-admits-plaintext: /, ''))
const policy = (rule: string, policyName = 'p', action = 'ALLOW'): string =>
  `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec:\n  action: ${action}\n  rules:\n    - ${rule}\n`
const peer = (spec: string, namespace = 'shop'): string =>
  `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: peer, namespace: ${namespace}}\nspec: ${spec}\n`
const SHOP = AMBIENT_SHOP.slice(0, -'---\n'.length)

it('marks the negation', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'notNamespaces: ["dev"]\n',
      'notNamespaces: ["dev"]\n#           ^^^^^^^^^^^^^ negation-admits-plaintext: "notNamespaces" is true for clients without identity: this ALLOW rule admits plaintext to workload "api".\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('says what it takes for granted', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([
    {
      level: 'warning',
      assumptions: ['no PeerAuthentication outside these files refuses plaintext'],
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
  ['accounts', 'from: [{source: {notServiceAccounts: ["dev/web"]}}]', '"notServiceAccounts"'],
  ['a condition', 'when: [{key: source.namespace, notValues: [dev]}]', '"notValues"'],
  [
    'one port',
    '{from: [{source: {notNamespaces: [dev]}}], to: [{operation: {ports: ["8080"]}}]}',
    '"notNamespaces"',
  ],
  [
    'one source of several',
    'from: [{source: {namespaces: [web]}}, {source: {notNamespaces: [dev]}}]',
    '"notNamespaces"',
  ],
])('speaks of %s', (_, rule, field) => {
  expect(said(SHOP + policy(rule))).toEqual([
    `${field} is true for clients without identity: this ALLOW rule admits plaintext to workload "api".`,
  ])
})

describe('plaintext that is refused otherwise', () => {
  it.each([
    ['by the mesh', MESH_STRICT + bad],
    ['by the namespace', bad + peer('{mtls: {mode: STRICT}}')],
    ['by the workload', bad + peer('{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}')],
    [
      'on the only port',
      bad +
        peer(
          '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {8080: {mode: STRICT}}}',
        ),
    ],
    ['by a DENY', bad + policy('from: [{source: {notPrincipals: ["*"]}}]', 'd', 'DENY')],
    ['by an identity in the same source', good],
    [
      'by another condition of the rule',
      SHOP +
        policy(
          '{from: [{source: {notNamespaces: [dev]}}], when: [{key: source.principal, values: ["*"]}]}',
        ),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('is not where only another port is STRICT', () => {
    expect(
      said(
        bad +
          peer(
            '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {9090: {mode: STRICT}}}',
          ),
      ).length,
    ).toBe(1)
  })
})

it.each([
  ['another ALLOW admits plaintext on purpose', bad + policy('{}', 'all')],
  ['the policy denies', bad.replace('ALLOW', 'DENY')],
  [
    'a waypoint judges, to which plaintext never comes',
    bad.replace(
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ),
  ],
  [
    'the policy is a dry run',
    bad.replace('name: not-dev\n', 'name: not-dev\n  annotations: {istio.io/dry-run: "true"}\n'),
  ],
  ['the workload is not captured', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
  [
    'two modes stand at one level',
    `${bad}${peer('{mtls: {mode: PERMISSIVE}}')}${peer('{mtls: {mode: STRICT}}').replace('name: peer', 'name: other')}`,
  ],
  ['another tool fills in the mode', bad + peer('{mtls: {mode: "${MODE}"}}')],
  [
    'another tool fills in a policy',
    bad + policy('from: [{source: {notPrincipals: ["${P}"]}}]', 'd', '"${ACTION}"'),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is silent where a template may set the mode, and says of other policies what it assumes', () => {
  const template = (kind: string): Files => ({
    'a.yaml': bad,
    'chart/Chart.yaml': 'name: c\n',
    'chart/templates/p.yaml': `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: {{ .Release.Name }}\n`,
  })
  expect(said(template('PeerAuthentication'))).toEqual([])
  expect(findingsOf(analyse(template('AuthorizationPolicy')))[0]?.assumptions).toContain(
    'no template of these files adds an AuthorizationPolicy to these workloads or their waypoint',
  )
})

describe('a policy without its workloads', () => {
  const alone = bad.slice(AMBIENT_SHOP.length).replace('  namespace: shop\n', '')

  it('is judged alone', () => {
    expect(findingsOf(analyse(alone))).toMatchObject([
      {
        rule: name,
        assumptions: [
          'the namespace it is applied to is ambient',
          'no PeerAuthentication outside these files refuses plaintext',
        ],
      },
    ])
  })

  it('is not judged beside others', () => {
    expect(said(`${alone}---\n${alone.replace('not-dev', 'other')}`)).toEqual([])
    expect(said(alone + peer('{mtls: {mode: STRICT}}').replace(', namespace: shop', ''))).toEqual(
      [],
    )
    expect(
      said(
        alone +
          peer('{selector: {matchLabels: {a: b}}, mtls: {mode: PERMISSIVE}}').replace(
            ', namespace: shop',
            '',
          ),
      ),
    ).toEqual([])
  })
})

describe('the fixes', () => {
  it('demand an identity, which can only refuse', () => {
    const fixed = expectFixed(bad, { rule: name, title: 'Add principals: ["*"]' })
    expect(fixed['test.yaml']).toBe(
      bad.replace(
        'notNamespaces: ["dev"]',
        'notNamespaces: ["dev"]\n            principals:\n              - "*"',
      ),
    )
    const condition = `${SHOP}${policy('when: []').replace('when: []', 'when:\n        - key: source.namespace\n          notValues: ["dev"]')}`
    expectFixed(
      condition,
      { rule: name, title: 'Add values: ["*"]' },
      condition.replace(
        'notValues: ["dev"]',
        'notValues: ["dev"]\n          values:\n            - "*"',
      ),
    )
    expect(findingsOf(analyse(bad))[0]?.fixes.map(({ title, safe }) => [title, safe])).toEqual([
      ['Add principals: ["*"]', true],
      ['Set mutual TLS to STRICT', false],
    ])
  })

  it('add a STRICT of the same workloads, or of the namespace', () => {
    const strict = (selector: string): string =>
      `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: not-dev-strict\n  namespace: shop\nspec:\n${selector}  mtls:\n    mode: STRICT\n`
    expectFixed(
      bad,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      bad + strict('  selector:\n    matchLabels:\n      app: api\n'),
    )
    const wide = bad.replace(
      / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      '  action',
    )
    expectFixed(wide, { rule: name, title: 'Set mutual TLS to STRICT' }, wide + strict(''))
    const files = wide + peer('{mtls: {mode: PERMISSIVE}}')
    expectFixed(
      files,
      { rule: name, title: 'Set mutual TLS to STRICT' },
      files.replace('PERMISSIVE', 'STRICT'),
    )
  })

  it('leave modes alone where another one already speaks of the pods', () => {
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
        bad.replace('name: not-dev\n  namespace: shop', 'name: not-dev\n  namespace: istio-system'),
      ),
    ).toEqual(['Add principals: ["*"]'])
  })
})
