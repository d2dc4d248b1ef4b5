import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type Files,
} from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointWithoutAmbient } from './waypoint-without-ambient.js'

const rule = waypointWithoutAmbient.name

const WEB =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels:\n    istio.io/dataplane-mode: ambient\n'
const OUTSIDE = `${replaceIn(SHOP, ['    istio.io/dataplane-mode: ambient\n', ''])}---\n${WEB}`
const ON_SERVICE = withServiceLabel(
  replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', '']),
  'istio.io/use-waypoint: waypoint',
)
const podLabel = (text: string, label: string): string =>
  replaceIn(text, ['        app: api\n    spec', `        app: api\n        ${label}\n    spec`])
const without = (kind: string, text: string): string =>
  text
    .split(/^---\n/m)
    .filter((document) => !document.includes(`kind: ${kind}\n`))
    .join('---\n')
const found = (files: Files | string): string[] =>
  findingsOf(analyse(files))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

const NAMESPACE = [
  'warning: Traffic can bypass waypoint "shop/waypoint": no pod of namespace "shop" is in ambient mode.',
]
const SERVICE = [
  'warning: Traffic can bypass waypoint "shop/waypoint": no pod of Service "api" is in ambient mode.',
]

it('marks the label', () => {
  const text = replaceIn(OUTSIDE, [
    '    istio.io/use-waypoint: waypoint\n',
    '    istio.io/use-waypoint: waypoint\n' +
      `#                          ^^^^^^^^ ${rule}: ${NAMESPACE[0]!.slice('warning: '.length)}\n`,
  ])
  const { found: marked, expected } = compareMarked(text, { rules: [rule] })
  expect(marked).toEqual(expected)
})

describe('a Namespace', () => {
  const entry =
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: e\n' +
    '  namespace: shop\nspec:\n  hosts: [e.example]\n'
  const virtualMachine =
    'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm\n' +
    '  namespace: shop\nspec:\n  address: 192.0.2.1\n'
  it.each<[string, string, readonly string[]]>([
    ['in ambient mode', SHOP, []],
    ['without the label if another Namespace has it', OUTSIDE, NAMESPACE],
    [
      'without the label if no Namespace has it',
      without('Namespace', OUTSIDE).concat(`---\n${OUTSIDE.slice(0, OUTSIDE.indexOf('---'))}`),
      [],
    ],
    ['that opts out', replaceIn(SHOP, ['mode: ambient', 'mode: none']), NAMESPACE],
    [
      'with sidecars',
      replaceIn(SHOP, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
      NAMESPACE,
    ],
    ['with a pod that opts in', podLabel(OUTSIDE, 'istio.io/dataplane-mode: ambient'), []],
    ['without a pod', without('Deployment', OUTSIDE), []],
    [
      "with no pods but a gateway's",
      podLabel(OUTSIDE, 'gateway.networking.k8s.io/gateway-name: waypoint'),
      [],
    ],
    ['with an external host', `${OUTSIDE}---\n${entry}`, []],
    ['with a virtual machine', `${OUTSIDE}---\n${virtualMachine}`, []],
    [
      'with the value none',
      replaceIn(OUTSIDE, ['use-waypoint: waypoint', 'use-waypoint: none']),
      [],
    ],
    [
      'with a value that another tool fills in',
      replaceIn(OUTSIDE, ['use-waypoint: waypoint', 'use-waypoint: ${WAYPOINT}']),
      [],
    ],
  ])('is checked for a Namespace %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('is not checked where a kustomization may change the labels', () => {
    expect(
      found({
        'a.yaml': OUTSIDE,
        'kustomization.yaml': 'resources: [a.yaml]\ntransformers: [label.yaml]\n',
      }),
    ).toEqual([])
  })
})

describe('a Service', () => {
  it.each<[string, string, readonly string[]]>([
    ['with ambient pods', ON_SERVICE, []],
    ['with pods that opt out', podLabel(ON_SERVICE, 'istio.io/dataplane-mode: none'), SERVICE],
    [
      'with pods on the host network',
      replaceIn(ON_SERVICE, [
        '      serviceAccountName: api\n',
        '      serviceAccountName: api\n      hostNetwork: true\n',
      ]),
      SERVICE,
    ],
    ['without pods in the files', without('Deployment', ON_SERVICE), []],
    [
      'with pods outside ambient mode because of the namespace',
      `${replaceIn(ON_SERVICE, ['    istio.io/dataplane-mode: ambient\n', '    team: shop\n'])}---\n${WEB}`,
      SERVICE,
    ],
  ])('is checked for a Service %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

it('adds the namespace to ambient mode', () => {
  const text = (labels: string): string =>
    replaceIn(OUTSIDE, [
      '    istio.io/use-waypoint: waypoint\n',
      `    istio.io/use-waypoint: waypoint # ours\n${labels}`,
    ])
  expectFixed(
    text(''),
    { rule, title: 'Add namespace "shop" to ambient mode' },
    text('    istio.io/dataplane-mode: ambient\n'),
  )
})

it('offers no label for a namespace whose pods would not be captured', () => {
  const [finding] = findingsOf(
    analyse(podLabel(ON_SERVICE, 'istio.io/dataplane-mode: none')),
  ).filter((candidate) => candidate.rule === rule)
  expect(finding?.fixes).toEqual([])
})
