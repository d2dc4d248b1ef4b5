import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { networkPolicyBlocksHbone } from './network-policy-blocks-hbone.js'
import { networkPolicyBlocksHbonePage } from './network-policy-blocks-hbone.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = networkPolicyBlocksHbone
const bad = withoutArrows(networkPolicyBlocksHbonePage.bad)
const { good } = networkPolicyBlocksHbonePage
const rules = [name]
const said = (files: Files | string, options: AnalyseOptions = {}): string[] =>
  describeFindings(analyse(files, options))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-hbone: /, ''))
const policy = (policyName: string, spec: string): string =>
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n' +
  `metadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n---\n`
const INGRESS = 'Mesh traffic to workload "api" times out: no NetworkPolicy allows TCP 15008.'
const from = (peers: string, ports = '[{port: 8080}]'): string =>
  AMBIENT_SHOP +
  policy(
    'p',
    `{podSelector: {}, policyTypes: [Ingress], ingress: [{from: ${peers}, ports: ${ports}}]}`,
  )
const ASSUMED =
  'the CNI plugin enforces NetworkPolicy, and no policy outside these files allows the traffic'

it('marks the ports', () => {
  const { found, expected } = compareMarked(
    replaceIn(
      bad,
      ['    - ports:\n', `    - ports:\n      # ^ network-policy-blocks-hbone\n`],
      [
        / {6}# \^ network-policy-blocks-hbone/,
        `#     ^^^^^ network-policy-blocks-hbone: ${INGRESS}`,
      ],
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning with an assumption', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([{ level: 'warning', assumptions: [ASSUMED] }])
})

describe('clients', () => {
  const web = (labels: string): string =>
    '---\napiVersion: v1\nkind: Pod\n' +
    'metadata: {name: web, namespace: web, labels: {app: web}}\n---\napiVersion: v1\n' +
    `kind: Namespace\nmetadata: {name: web, labels: ${labels}}\n`
  const FROM_WEB =
    '[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}, podSelector: {matchLabels: {app: web}}}]'

  it('of the mesh are reported', () => {
    expect(said(from('[{podSelector: {matchLabels: {app: web}}}]'))).toEqual([INGRESS])
    expect(said(from(FROM_WEB) + web('{istio.io/dataplane-mode: ambient}'))).toEqual([INGRESS])
    expect(said(from(FROM_WEB) + web('{istio-injection: enabled}'))).toEqual([INGRESS])
  })

  it('outside the mesh, or not known from the files, are not reported', () => {
    expect(said(from(FROM_WEB) + web('{istio.io/dataplane-mode: none}'))).toEqual([])
    expect(said(from('[{ipBlock: {cidr: 10.0.0.0/8}}]'))).toEqual([])
    expect(said(from('[{namespaceSelector: {matchLabels: {team: web}}}]'))).toEqual([])
    expect(said(from(FROM_WEB))).toEqual([])
  })
})

describe('TCP 15008', () => {
  it.each([
    [
      'is in another rule',
      from('[{podSelector: {}}]') +
        policy(
          'mesh',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 15008}]}]}',
        ),
    ],
    ['is in a range', from('[{podSelector: {}}]', '[{port: 8080, endPort: 16000}]')],
    ['is any port', from('[{podSelector: {}}]', '[{protocol: TCP}]')],
    [
      'has a name',
      replaceIn(from('[{podSelector: {}}]', '[{port: hbone}]'), [
        '            - containerPort: 8080\n',
        '            - containerPort: 8080\n            - containerPort: 15008\n              name: hbone\n',
      ]),
    ],
    [
      'is covered by a rule without ports',
      from('[{podSelector: {}}]') + policy('all', '{podSelector: {}, ingress: [{}]}'),
    ],
  ])('is allowed if it %s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('is not allowed by rules for the kubelet, for UDP or for other pods', () => {
    expect(
      said(
        from('[{podSelector: {}}]') +
          policy(
            'probes',
            '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 169.254.7.127/32}}]}]}',
          ),
      ),
    ).toEqual([INGRESS])
    expect(
      said(from('[{podSelector: {}}]', '[{port: 8080}, {port: 15008, protocol: UDP}]')),
    ).toEqual([INGRESS])
    expect(
      said(
        from('[{podSelector: {}}]') +
          policy(
            'other',
            '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 15008}]}]}',
          ),
      ),
    ).toEqual([INGRESS])
  })
})

describe('egress', () => {
  const to = (peers: string, ports = '[{port: 8080}]', more = ''): string =>
    AMBIENT_SHOP +
    policy(
      'p',
      '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: ' +
        `${peers}, ports: ${ports}}${more}]}`,
    )

  it('to pods of the mesh is reported', () => {
    expect(said(to('[{podSelector: {matchLabels: {app: db}}}]'))).toEqual([
      'Mesh traffic from workload "api" times out: no NetworkPolicy allows TCP 15008.',
    ])
  })

  it.each([
    [
      'to any destination',
      AMBIENT_SHOP +
        policy('p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}'),
    ],
    ['to addresses', to('[{ipBlock: {cidr: 0.0.0.0/0}}]')],
    ['for DNS', to('[{podSelector: {}}]', '[{port: 53}, {port: 53, protocol: UDP}]')],
    ['on TCP 15008', to('[{podSelector: {}}]', '[{port: 8080}]', ', {ports: [{port: 15008}]}')],
    [
      'where no egress is allowed',
      AMBIENT_SHOP + policy('p', '{podSelector: {}, policyTypes: [Egress]}'),
    ],
  ])('is not reported %s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

it.each([
  [
    'the pods are not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  ['nothing but a setting says that the mesh is ambient', replaceIn(bad, [/^[^]*?---\n/, ''])],
  [
    'no ingress is allowed',
    AMBIENT_SHOP + policy('p', '{podSelector: {}, policyTypes: [Ingress]}'),
  ],
  ['only UDP is spoken of', from('[{podSelector: {}}]', '[{port: 53, protocol: UDP}]')],
  ['a port is filled in', from('[{podSelector: {}}]', '[{port: "${PORT}"}]')],
  [
    'no pod is selected',
    replaceIn(from('[{podSelector: {}}]'), [
      'podSelector: {}, policyTypes',
      'podSelector: {matchLabels: {app: web}}, policyTypes',
    ]),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('reports nothing where a template may render a NetworkPolicy, except with the setting assumeAmbient', () => {
  expect(
    said({
      'a.yaml': bad,
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/n.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ .Release.Name }}\n',
    }),
  ).toEqual([])
  expect(said(replaceIn(bad, [/^[^]*?---\n/, '']), { settings: { assumeAmbient: 'all' } })).toEqual(
    [INGRESS],
  )
})

it('offers to allow the port', () => {
  expectFixed(bad, { rule: name, title: 'Allow TCP port 15008' }, good)
})
