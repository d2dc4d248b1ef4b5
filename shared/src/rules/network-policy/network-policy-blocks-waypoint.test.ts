import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { networkPolicyBlocksWaypoint } from './network-policy-blocks-waypoint.js'
import { networkPolicyBlocksWaypointPage } from './network-policy-blocks-waypoint.page.js'
import { COMPANION, SHOP } from '../support/examples.js'

const { name } = networkPolicyBlocksWaypoint
const { bad, good } = networkPolicyBlocksWaypointPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-waypoint: /, ''))
const MESH = `${SHOP}---\n${COMPANION}`
const policy = (policyName: string, spec: string): string =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n`
const KEPT_OUT =
  'Waypoint "shop/waypoint" is not admitted to workload "api", its clients are: what comes through it times out.'
const NO_CLIENTS =
  'This policy selects waypoint "shop/waypoint", and none admits clients to it on TCP 15008: what shall go through it times out.'
const NO_ISTIOD =
  'This policy selects waypoint "shop/waypoint", and none lets it out to istiod on TCP 15012: it gets no configuration.'
const NO_BACKENDS =
  'This policy selects waypoint "shop/waypoint", and none lets it out to its pods on TCP 15008: what goes through it times out.'

describe('pods behind a waypoint', () => {
  const from = (peers: string, ports = '[{port: 15008}]'): string =>
    MESH +
    policy(
      'p',
      `{podSelector: {matchLabels: {app: api}}, ingress: [{from: ${peers}, ports: ${ports}}]}`,
    )

  it('are marked where they admit their clients', () => {
    const { found, expected } = compareMarked(
      bad.replace(
        '    - from:\n        - podSelector',
        `    - from:\n#     ^^^^ network-policy-blocks-waypoint: ${KEPT_OUT}\n        - podSelector`,
      ),
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
      'its label',
      from('[{podSelector: {matchLabels: {gateway.istio.io/managed: istio.io-mesh-controller}}}]'),
    ],
    ['any namespace', from('[{namespaceSelector: {}}]')],
    [
      'everybody',
      MESH +
        policy(
          'p',
          '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'the waypoint by another policy',
      bad +
        policy(
          'w',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}}}]}, {ports: [{port: 15008}]}]}',
        ),
    ],
    ["an address block, which may be the waypoint's", from('[{ipBlock: {cidr: 10.0.0.0/8}}]')],
  ])('may admit %s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('are silent where nobody of the mesh is admitted, no waypoint stands before them, or they are not captured', () => {
    expect(said(from('[{podSelector: {matchLabels: {app: web}}}]', '[{port: 8080}]'))).toEqual([])
    expect(
      said(MESH + policy('p', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}')),
    ).toEqual([])
    expect(said(bad.replace('    istio.io/use-waypoint: waypoint\n', ''))).toEqual([])
    expect(said(bad.replace('dataplane-mode: ambient', 'dataplane-mode: none'))).toEqual([])
  })

  it('may have a waypoint of another namespace, whose labels decide', () => {
    const elsewhere = bad
      .replace('name: waypoint\n  namespace: shop', 'name: waypoint\n  namespace: mesh')
      .replace(
        'istio.io/use-waypoint: waypoint',
        'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: mesh',
      )
      .replace(
        '      protocol: HBONE\n',
        '      protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n',
      )
    expect(said(elsewhere)).toEqual([KEPT_OUT.replace('shop/waypoint', 'mesh/waypoint')])
    expect(
      said(
        elsewhere.replace(
          '        - podSelector:\n            matchLabels:\n              app: web\n',
          '        - namespaceSelector: {matchLabels: {team: mesh}}\n',
        ),
      ),
    ).toEqual([])
    expect(
      said(
        elsewhere.replace(
          '        - podSelector:\n            matchLabels:\n              app: web\n',
          '        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}\n',
        ),
      ),
    ).toEqual([KEPT_OUT.replace('shop/waypoint', 'mesh/waypoint')])
    expectFixed(
      elsewhere,
      { rule: name, title: 'Admit the waypoint' },
      elsewhere.replace(
        '              app: web\n',
        '              app: web\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: mesh\n          podSelector:\n            matchLabels:\n              gateway.networking.k8s.io/gateway-name: waypoint\n',
      ),
    )
  })

  it('are fixed by admitting it', () => {
    expectFixed(bad, { rule: name, title: 'Admit the waypoint' }, good)
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
      'two policies, once',
      MESH +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}') +
        policy('q', '{podSelector: {}, policyTypes: [Ingress]}'),
      [NO_CLIENTS],
    ],
    ['an egress without istiod', egress('[{ports: [{port: 15008}]}]'), [NO_ISTIOD]],
    [
      "an egress to another namespace than istiod's",
      egress('[{to: [{podSelector: {}}], ports: [{port: 15008}, {port: 15012}]}]'),
      [NO_ISTIOD],
    ],
    ['an egress without the pods', egress('[{ports: [{port: 15012}]}]'), [NO_BACKENDS]],
    [
      'an egress to other pods',
      egress(
        '[{ports: [{port: 15012}]}, {to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 15008}]}]',
      ),
      [NO_BACKENDS],
    ],
  ])('is cut off by %s', (_, text, expected) => {
    expect(said(text)).toEqual(expected)
  })

  it.each([
    [
      'a policy for other pods',
      MESH + policy('p', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}'),
    ],
    [
      'a policy that opens its port',
      MESH +
        policy(
          'p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'another policy that does',
      MESH +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}') +
        policy(
          'w',
          '{podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}}, ingress: [{ports: [{port: 15008}]}]}',
        ),
    ],
    [
      'an egress for all it needs',
      egress(
        '[{ports: [{port: 15008}]}, {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: istio-system}}, podSelector: {matchLabels: {app: istiod}}}], ports: [{port: 15012}]}]',
      ),
    ],
    ['an egress by address', egress('[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
    [
      "an ingress gateway's",
      MESH.replace('gatewayClassName: istio-waypoint', 'gatewayClassName: istio') +
        policy('p', '{podSelector: {}, policyTypes: [Ingress]}'),
    ],
  ])('is not by %s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('goes by the labels of its pods', () => {
    const labelled = MESH.replace(
      '  gatewayClassName: istio-waypoint\n',
      '  gatewayClassName: istio-waypoint\n  infrastructure: {labels: {team: net}}\n',
    )
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

  it('is fixed by a policy of its own', () => {
    const added = (direction: string, ruleText: string): string =>
      `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: waypoint-${direction.toLowerCase()}\n  namespace: shop\nspec:\n  podSelector:\n    matchLabels:\n      gateway.networking.k8s.io/gateway-name: waypoint\n  policyTypes:\n    - ${direction}\n${ruleText}`
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
          '  egress:\n    - ports:\n        - protocol: TCP\n          port: 15008\n        - protocol: TCP\n          port: 15012\n        - protocol: UDP\n          port: 53\n        - protocol: TCP\n          port: 53\n',
        ),
    )
    expect(
      findingsOf(
        analyse(denied + policy('waypoint-ingress', '{podSelector: {matchLabels: {app: web}}}')),
      ).find(({ rule }) => rule === name)?.fixes,
    ).toEqual([])
  })
})

it('is silent where a policy is filled in', () => {
  expect(said(bad + policy('p', '{podSelector: {matchLabels: {app: "${APP}"}}}'))).toEqual([])
})
