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
import { networkPolicyBlocksWaypoint } from './network-policy-blocks-waypoint.js'
import { networkPolicyBlocksWaypointPage } from './network-policy-blocks-waypoint.page.js'
import { COMPANION, SHOP } from '../support/examples.js'

const { name } = networkPolicyBlocksWaypoint
const bad = withoutArrows(networkPolicyBlocksWaypointPage.bad)
const { good } = networkPolicyBlocksWaypointPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-waypoint: /, ''))
const MESH = `${SHOP}---\n${COMPANION}`
const policy = (policyName: string, spec: string): string =>
  '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n' +
  `metadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n`
const KEPT_OUT =
  'Traffic through waypoint "shop/waypoint" to workload "api" times out: ' +
  'NetworkPolicies allow clients, but not the waypoint.'
const NO_CLIENTS =
  'Traffic to waypoint "shop/waypoint" times out: no NetworkPolicy allows clients to reach it on TCP 15008.'
const NO_ISTIOD =
  'Waypoint "shop/waypoint" gets no configuration: no NetworkPolicy allows it to reach istiod on TCP 15012.'
const NO_BACKENDS =
  'Traffic through waypoint "shop/waypoint" times out: no NetworkPolicy allows it to reach its pods on TCP 15008.'

describe('pods behind a waypoint', () => {
  const from = (peers: string, ports = '[{port: 15008}]'): string =>
    MESH +
    policy(
      'p',
      `{podSelector: {matchLabels: {app: api}}, ingress: [{from: ${peers}, ports: ${ports}}]}`,
    )

  it('are reported where they allow their clients', () => {
    const { found, expected } = compareMarked(
      replaceIn(bad, [
        '    - from:\n        - podSelector',
        `    - from:\n#     ^^^^ network-policy-blocks-waypoint: ${KEPT_OUT}\n        - podSelector`,
      ]),
      { rules },
    )
    expect(found).toEqual(expected)
  })

  it.each([
    [
      'the namespace of the waypoint',
      from('[{podSelector: {matchLabels: {app: web}}}, {podSelector: {}}]'),
    ],
    [
      'the label of the waypoint',
      from('[{podSelector: {matchLabels: {gateway.istio.io/managed: istio.io-mesh-controller}}}]'),
    ],
    ['any namespace', from('[{namespaceSelector: {}}]')],
    [
      'every client',
      MESH +
        policy(
          'p',
          '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'the waypoint in another policy',
      bad +
        policy(
          'w',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: ' +
            '{gateway.networking.k8s.io/gateway-name: waypoint}}}]}, {ports: [{port: ' +
            '15008}]}]}',
        ),
    ],
    ['an IP block that may contain the waypoint', from('[{ipBlock: {cidr: 10.0.0.0/8}}]')],
  ])('may allow %s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('are not reported without allowed mesh clients, without a waypoint, or outside ambient mode', () => {
    expect(said(from('[{podSelector: {matchLabels: {app: web}}}]', '[{port: 8080}]'))).toEqual([])
    expect(
      said(MESH + policy('p', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}')),
    ).toEqual([])
    expect(said(replaceIn(bad, ['    istio.io/use-waypoint: waypoint\n', '']))).toEqual([])
    expect(said(replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']))).toEqual([])
  })

  it('can have a waypoint of another namespace with other labels', () => {
    const elsewhere = replaceIn(
      bad,
      ['name: waypoint\n  namespace: shop', 'name: waypoint\n  namespace: mesh'],
      [
        'istio.io/use-waypoint: waypoint',
        'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: mesh',
      ],
      [
        '      protocol: HBONE\n',
        '      protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n',
      ],
    )
    expect(said(elsewhere)).toEqual([replaceIn(KEPT_OUT, ['shop/waypoint', 'mesh/waypoint'])])
    expect(
      said(
        replaceIn(elsewhere, [
          '        - podSelector:\n            matchLabels:\n              app: web\n',
          '        - namespaceSelector: {matchLabels: {team: mesh}}\n',
        ]),
      ),
    ).toEqual([])
    expect(
      said(
        replaceIn(elsewhere, [
          '        - podSelector:\n            matchLabels:\n              app: web\n',
          '        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}\n',
        ]),
      ),
    ).toEqual([replaceIn(KEPT_OUT, ['shop/waypoint', 'mesh/waypoint'])])
    expectFixed(
      elsewhere,
      { rule: name, title: 'Allow the waypoint' },
      replaceIn(elsewhere, [
        '              app: web\n',
        '              app: web\n        - namespaceSelector:\n            matchLabels:\n' +
          '              kubernetes.io/metadata.name: mesh\n          podSelector:\n' +
          '            matchLabels:\n' +
          '              gateway.networking.k8s.io/gateway-name: waypoint\n',
      ]),
    )
  })

  it('get a fix that allows the waypoint', () => {
    expectFixed(bad, { rule: name, title: 'Allow the waypoint' }, good)
  })
})

describe('the waypoint itself', () => {
  const egress = (rulesText: string): string =>
    MESH + policy('p', `{podSelector: {}, policyTypes: [Egress], egress: ${rulesText}}`)

  it.each([
    [
      'a default deny',
      MESH + policy('p', '{podSelector: {}, policyTypes: [Ingress]}'),
      [NO_CLIENTS],
    ],
    [
      'a list of application ports',
      MESH + policy('p', '{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}'),
      [NO_CLIENTS],
    ],
    [
      'two policies, reported once',
      MESH +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}') +
        policy('q', '{podSelector: {}, policyTypes: [Ingress]}'),
      [NO_CLIENTS],
    ],
    ['egress without istiod', egress('[{ports: [{port: 15008}]}]'), [NO_ISTIOD]],
    [
      "an egress to another namespace than istiod's",
      egress('[{to: [{podSelector: {}}], ports: [{port: 15008}, {port: 15012}]}]'),
      [NO_ISTIOD],
    ],
    ['egress without the pods', egress('[{ports: [{port: 15012}]}]'), [NO_BACKENDS]],
    [
      'egress to other pods',
      egress(
        '[{ports: [{port: 15012}]}, {to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 15008}]}]',
      ),
      [NO_BACKENDS],
    ],
  ])('is blocked by %s', (_, text, expected) => {
    expect(said(text)).toEqual(expected)
  })

  it.each([
    [
      'a policy for other pods',
      MESH + policy('p', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}'),
    ],
    [
      'a policy that allows its port',
      MESH +
        policy(
          'p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'another policy that allows its port',
      MESH +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}') +
        policy(
          'w',
          '{podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: ' +
            'waypoint}}, ingress: [{ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'an egress rule for all needed ports',
      egress(
        '[{ports: [{port: 15008}]}, {to: [{namespaceSelector: {matchLabels: ' +
          '{kubernetes.io/metadata.name: istio-system}}, podSelector: {matchLabels: {app: ' +
          'istiod}}}], ports: [{port: 15012}]}]',
      ),
    ],
    ['an egress rule with an IP block', egress('[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
    [
      "an ingress gateway's",
      replaceIn(MESH, ['gatewayClassName: istio-waypoint', 'gatewayClassName: istio']) +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}'),
    ],
  ])('is not blocked by %s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('is selected by the labels of its pods', () => {
    const labelled = replaceIn(MESH, [
      '  gatewayClassName: istio-waypoint\n',
      '  gatewayClassName: istio-waypoint\n  infrastructure: {labels: {team: net}}\n',
    ])
    expect(
      said(
        labelled + policy('p', '{podSelector: {matchLabels: {team: net}}, policyTypes: [Ingress]}'),
      ),
    ).toEqual([NO_CLIENTS])
    expect(
      said(
        labelled +
          policy(
            'p',
            '{podSelector: {matchLabels: {istio.io/waypoint-for: service}}, policyTypes: [Ingress]}',
          ),
      ),
    ).toEqual([])
    expect(
      said(
        MESH +
          policy(
            'p',
            '{podSelector: {matchLabels: {istio.io/waypoint-for: service}}, policyTypes: [Ingress]}',
          ),
      ),
    ).toEqual([NO_CLIENTS])
  })

  it('gets a fix that adds a policy for it', () => {
    const added = (direction: string, ruleText: string): string =>
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n' +
      `  name: waypoint-${direction.toLowerCase()}\n  namespace: shop\nspec:\n` +
      '  podSelector:\n    matchLabels:\n' +
      '      gateway.networking.k8s.io/gateway-name: waypoint\n  policyTypes:\n' +
      `    - ${direction}\n${ruleText}`
    const denied = MESH + policy('p', '{podSelector: {}, policyTypes: [Ingress]}')
    expectFixed(
      denied,
      { rule: name, title: 'Add a NetworkPolicy for the waypoint' },
      denied +
        added(
          'Ingress',
          '  ingress:\n    - ports:\n        - protocol: TCP\n          port: 15008\n',
        ),
    )
    const closed = egress('[]')
    expectFixed(
      closed,
      { rule: name, title: 'Add a NetworkPolicy for the waypoint' },
      closed +
        added(
          'Egress',
          '  egress:\n    - ports:\n        - protocol: TCP\n          port: 15008\n' +
            '        - protocol: TCP\n          port: 15012\n        - protocol: UDP\n' +
            '          port: 53\n        - protocol: TCP\n          port: 53\n',
        ),
    )
    expect(
      findingsOf(
        analyse(denied + policy('waypoint-ingress', '{podSelector: {matchLabels: {app: web}}}')),
      ).find(({ rule }) => rule === name)?.fixes,
    ).toEqual([])
  })
})

it('reports nothing where another tool fills in a policy', () => {
  expect(said(bad + policy('p', '{podSelector: {matchLabels: {app: "${APP}"}}}'))).toEqual([])
})
