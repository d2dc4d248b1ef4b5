import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { networkPolicyBlocksHbone } from './network-policy-blocks-hbone.js'
import { networkPolicyBlocksHbonePage } from './network-policy-blocks-hbone.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = networkPolicyBlocksHbone
const { bad, good } = networkPolicyBlocksHbonePage
const rules = [name]
const said = (files: Files | string, options: AnalyseOptions = {}): string[] =>
  describeFindings(analyse(files, options))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-hbone: /, ''))
const policy = (policyName: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n---\n`
const INGRESS =
  'Traffic of the mesh arrives at workload "api" on TCP 15008, which no NetworkPolicy admits: it times out.'
const from = (peers: string, ports = '[{port: 8080}]'): string =>
  AMBIENT_SHOP +
  policy(
    'p',
    `{podSelector: {}, policyTypes: [Ingress], ingress: [{from: ${peers}, ports: ${ports}}]}`,
  )
const ASSUMED =
  'the network plug-in enforces NetworkPolicy, and no other policy than those in these files admits the traffic'

it('marks the ports', () => {
  const { found, expected } = compareMarked(
    bad
      .replace('    - ports:\n', `    - ports:\n      # ^ network-policy-blocks-hbone\n`)
      .replace(
        / {6}# \^ network-policy-blocks-hbone/,
        `#     ^^^^^ network-policy-blocks-hbone: ${INGRESS}`,
      ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning that says what it takes for granted', () => {
  expect(findingsOf(analyse(bad))).toMatchObject([{ level: 'warning', assumptions: [ASSUMED] }])
})

describe('clients', () => {
  const web = (labels: string): string =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: web, labels: {app: web}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: ${labels}}\n`
  const FROM_WEB =
    '[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}, podSelector: {matchLabels: {app: web}}}]'

  it('of the mesh are cut off', () => {
    expect(said(from('[{podSelector: {matchLabels: {app: web}}}]'))).toEqual([INGRESS])
    expect(said(from(FROM_WEB) + web('{istio.io/dataplane-mode: ambient}'))).toEqual([INGRESS])
    expect(said(from(FROM_WEB) + web('{istio-injection: enabled}'))).toEqual([INGRESS])
  })

  it('outside the mesh, or nobody knows where, are not', () => {
    expect(said(from(FROM_WEB) + web('{istio.io/dataplane-mode: none}'))).toEqual([])
    expect(said(from('[{ipBlock: {cidr: 10.0.0.0/8}}]'))).toEqual([])
    expect(said(from('[{namespaceSelector: {matchLabels: {team: web}}}]'))).toEqual([])
    expect(said(from(FROM_WEB))).toEqual([])
  })
})

describe('the port of the mesh', () => {
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
      from('[{podSelector: {}}]', '[{port: hbone}]').replace(
        '            - containerPort: 8080\n',
        '            - containerPort: 8080\n            - containerPort: 15008\n              name: hbone\n',
      ),
    ],
    [
      'is admitted by a rule without ports',
      from('[{podSelector: {}}]') + policy('all', '{podSelector: {}, ingress: [{}]}'),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([])
  })

  it('is not admitted where only the kubelet is, over UDP, or for other pods', () => {
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
      `{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: ${peers}, ports: ${ports}}${more}]}`,
    )

  it('to pods of the mesh is cut off', () => {
    expect(said(to('[{podSelector: {matchLabels: {app: db}}}]'))).toEqual([
      'Workload "api" connects to pods of the mesh on TCP 15008, which no NetworkPolicy lets out: it times out.',
    ])
  })

  it.each([
    [
      'to anywhere',
      AMBIENT_SHOP +
        policy('p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}'),
    ],
    ['to addresses', to('[{ipBlock: {cidr: 0.0.0.0/0}}]')],
    ['for names', to('[{podSelector: {}}]', '[{port: 53}, {port: 53, protocol: UDP}]')],
    [
      'on the port of the mesh',
      to('[{podSelector: {}}]', '[{port: 8080}]', ', {ports: [{port: 15008}]}'),
    ],
    [
      'that is forbidden altogether',
      AMBIENT_SHOP + policy('p', '{podSelector: {}, policyTypes: [Egress]}'),
    ],
  ])('is not spoken of %s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

it.each([
  ['the pods are not captured', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
  ['nothing but a setting says that the mesh is ambient', bad.replace(/^[^]*?---\n/, '')],
  [
    'everything is forbidden',
    AMBIENT_SHOP + policy('p', '{podSelector: {}, policyTypes: [Ingress]}'),
  ],
  ['only UDP is spoken of', from('[{podSelector: {}}]', '[{port: 53, protocol: UDP}]')],
  ['a port is filled in', from('[{podSelector: {}}]', '[{port: "${PORT}"}]')],
  [
    'nobody is selected',
    from('[{podSelector: {}}]').replace(
      'podSelector: {}, policyTypes',
      'podSelector: {matchLabels: {app: web}}, policyTypes',
    ),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is silent where a template may render to a NetworkPolicy, and speaks where the user says that namespaces are ambient', () => {
  expect(
    said({
      'a.yaml': bad,
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/n.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ .Release.Name }}\n',
    }),
  ).toEqual([])
  expect(said(bad.replace(/^[^]*?---\n/, ''), { settings: { assumeAmbient: 'all' } })).toEqual([
    INGRESS,
  ])
})

it('is fixed by adding the port', () => {
  expectFixed(bad, { rule: name, title: 'Add TCP port 15008' }, good)
})
