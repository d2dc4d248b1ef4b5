import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { networkPolicyPortNoEffect } from './network-policy-port-no-effect.js'
import { networkPolicyPortNoEffectPage } from './network-policy-port-no-effect.page.js'

const { name } = networkPolicyPortNoEffect
const bad = withoutArrows(networkPolicyPortNoEffectPage.bad)
const { good } = networkPolicyPortNoEffectPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-port-no-effect: /, ''))
const policy = (policyName: string, spec: string): string =>
  '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n' +
  `metadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n`
const authorization = (spec: string): string =>
  '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n' +
  `metadata: {name: p, namespace: shop}\nspec: ${spec}\n`
const MESSAGE =
  'These ports restrict only plaintext: mesh clients also reach port 9090 of workload "api" through TCP 15008.'
const from = (peers: string): string =>
  replaceIn(bad, [
    '    - ports:\n        - protocol',
    `    - from: ${peers}\n      ports:\n        - protocol`,
  ])
const WEB =
  '---\napiVersion: v1\nkind: Pod\n' +
  'metadata: {name: web, namespace: shop, labels: {app: web}}\n' +
  'spec: {serviceAccountName: web}\n'

it('marks the ports', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '    - ports:\n        - protocol',
      `    - ports:\n#     ^^^^^ network-policy-port-no-effect: ${MESSAGE}\n        - protocol`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('lists several ports', () => {
  const more = replaceIn(bad, [
    '            - containerPort: 9090\n',
    [1, 2, 3, 4].map((port) => `            - containerPort: 909${String(port)}\n`).join(''),
  ])
  expect(said(more)).toEqual([replaceIn(MESSAGE, ['port 9090', 'ports 9091, 9092, 9093, …'])])
})

it('reports only rules for clients of the mesh', () => {
  expect(said(from('[{podSelector: {matchLabels: {app: web}}}]') + WEB)).toEqual([MESSAGE])
  expect(said(from('[{ipBlock: {cidr: 10.0.0.0/8}}]'))).toEqual([])
})

it.each([
  ['an AuthorizationPolicy keeps the ports apart', good],
  [
    'an AuthorizationPolicy restricts the clients',
    bad + authorization('{rules: [{from: [{source: {namespaces: [web]}}]}]}'),
  ],
  [
    'another policy allows the other port',
    bad +
      policy(
        'metrics',
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 9090}]}]}',
      ),
  ],
  ['the pods have no other port', replaceIn(bad, ['            - containerPort: 9090\n', ''])],
  [
    'the other port is UDP',
    replaceIn(bad, [
      '            - containerPort: 9090\n',
      '            - containerPort: 9090\n              protocol: UDP\n',
    ]),
  ],
  [
    'TCP 15008 is not allowed',
    replaceIn(bad, ['        - protocol: TCP\n          port: 15008\n', '']),
  ],
  [
    'only TCP 15008 is listed',
    replaceIn(bad, ['        - protocol: TCP\n          port: 8080\n', '']),
  ],
  [
    'the pods are not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'another tool fills in a policy',
    bad + authorization('{rules: [{from: [{source: {namespaces: ["${NS}"]}}]}]}'),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('TCP 15008 in a rule of its own', () => {
  const HBONE = '        - protocol: TCP\n          port: 15008\n'
  const OWN = replaceIn(bad, [HBONE, `    - ports:\n${HBONE}`])
  const apart = (peers: string, hbonePeers = ''): string =>
    replaceIn(
      bad,
      [
        '    - ports:\n        - protocol',
        `    - from: ${peers}\n      ports:\n        - protocol`,
      ],
      [HBONE, `    - ports:\n${HBONE}${hbonePeers === '' ? '' : `      from: ${hbonePeers}\n`}`],
    )
  const WEB_ONLY = '[{podSelector: {matchLabels: {app: web}}}]'
  const ONE_PORT = (text: string): string =>
    replaceIn(text, ['            - containerPort: 9090\n', ''])
  const PEERS =
    'These peers restrict only plaintext: every mesh client reaches port 8080 of workload "api" through TCP 15008.'

  it('opens ports that another rule does not list', () => {
    expect(said(OWN)).toEqual([MESSAGE])
    expect(said(apart(WEB_ONLY, WEB_ONLY) + WEB)).toEqual([MESSAGE])
  })

  it('opens ports for all peers', () => {
    expect(said(ONE_PORT(apart(WEB_ONLY)) + WEB)).toEqual([PEERS])
  })

  it.each([
    ['the same peers', apart(WEB_ONLY, WEB_ONLY) + WEB],
    ['all peers for the port too', OWN],
    ['every pod of the cluster for the port', apart('[{namespaceSelector: {}}]')],
    ['an address for the port', apart('[{ipBlock: {cidr: 10.0.0.0/8}}]')],
    [
      'an AuthorizationPolicy with the clients',
      apart(WEB_ONLY) + WEB + authorization('{rules: [{from: [{source: {namespaces: [web]}}]}]}'),
    ],
    [
      'all peers for the port in another policy',
      apart(WEB_ONLY) +
        WEB +
        policy('open', '{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}'),
    ],
  ])('reports no peers with %s', (_, text) => {
    expect(said(ONE_PORT(text))).toEqual([])
  })

  it('is left out of the AuthorizationPolicy of the fix', () => {
    const title = 'Restrict the ports with an AuthorizationPolicy'
    const fixed = expectFixed(ONE_PORT(apart(WEB_ONLY)) + WEB, { rule: name, title })
    expect(fixed['test.yaml']).toContain(
      '  rules:\n    - from:\n        - source:\n            serviceAccounts:\n' +
        '              - shop/web\n      to:\n        - operation:\n            ports:\n' +
        '              - "8080"\n',
    )
  })
})

describe('the fix', () => {
  const TITLE = 'Restrict the ports with an AuthorizationPolicy'
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title, safe }) => [title, safe])

  it('adds an AuthorizationPolicy with the same ports', () => {
    expectFixed(
      bad,
      { rule: name, title: TITLE },
      `${bad}---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n` +
        'metadata:\n  name: api-ports\n  namespace: shop\nspec:\n  selector:\n' +
        '    matchLabels:\n      app: api\n  action: ALLOW\n  rules:\n    - to:\n' +
        '        - operation:\n            ports:\n              - "8080"\n',
    )
    expect(fixes(bad)).toEqual([[TITLE, false]])
  })

  it('uses the service accounts of pods, and namespaces', () => {
    const text =
      from(
        '[{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: ' +
          '{kubernetes.io/metadata.name: ops}}}]',
      ) + WEB
    const fixed = expectFixed(text, { rule: name, title: TITLE })
    expect(fixed['test.yaml']).toContain(
      '    - from:\n        - source:\n            serviceAccounts:\n' +
        '              - shop/web\n        - source:\n            namespaces:\n' +
        '              - ops\n      to:\n        - operation:\n            ports:\n' +
        '              - "8080"\n',
    )
  })

  it('is not offered where other policies apply to the pods or a part cannot be translated', () => {
    expect(fixes(bad + policy('other', '{podSelector: {}, policyTypes: [Ingress]}'))).toEqual([])
    expect(
      fixes(
        bad + authorization('{action: DENY, rules: [{from: [{source: {namespaces: [dev]}}]}]}'),
      ),
    ).toEqual([])
    expect(fixes(from('[{podSelector: {matchLabels: {app: web}}}]'))).toEqual([])
    expect(fixes(from('[{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}]'))).toEqual([])
    expect(
      fixes(from('[{podSelector: {}}, {namespaceSelector: {matchLabels: {team: web}}}]')),
    ).toEqual([])
    expect(
      fixes(
        replaceIn(bad, [
          '          port: 8080\n',
          '          port: 8080\n          endPort: 8081\n',
        ]),
      ),
    ).toEqual([])
    expect(
      fixes(
        replaceIn(bad, [
          '      app: api\n  policyTypes',
          '      app: api\n    matchExpressions: [{key: x, operator: DoesNotExist}]\n  policyTypes',
        ]),
      ),
    ).toEqual([])
  })
})
