import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, type Files } from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { waypointUnused } from './waypoint-unused.js'

const rule = waypointUnused.name

const UNUSED = SHOP.replace('    istio.io/use-waypoint: waypoint\n', '')
const without = (kind: string, text: string): string =>
  text
    .split(/^---\n/m)
    .filter((document) => !document.includes(`kind: ${kind}\n`))
    .join('---\n')
const routes = (text: string): string =>
  UNUSED.replace(
    '      protocol: HBONE\n',
    `      protocol: HBONE\n      allowedRoutes:\n        namespaces:\n${text}`,
  )
const selecting = (name: string): string =>
  routes(
    `          from: Selector\n          selector:\n            matchLabels:\n              kubernetes.io/metadata.name: ${name}\n`,
  )
const serving = (value: string, text = UNUSED): string =>
  text.replace('waypoint-for: service', `waypoint-for: ${value}`)
const allow = (source: string): string =>
  policyText('p', `rules:\n- from:\n  - source:\n      ${source}`, 'payments')

function found(files: Files | string): string[] {
  return findingsOf(analyse(files))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

it('marks the name', () => {
  const { found: marked, expected } = compareMarked(
    UNUSED.replace(
      '  name: waypoint\n',
      '  name: waypoint\n#       ^^^^^^^^ waypoint-unused: Nothing is bound to waypoint "shop/waypoint": no namespace, Service or pod names it.\n',
    ),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
  expect(expected).toHaveLength(1)
})

const SAID = [
  'information: Nothing is bound to waypoint "shop/waypoint": no namespace, Service or pod names it.',
]

describe('who uses it', () => {
  const entry = (labels: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: e\n  namespace: shop\n  labels:\n    ${labels}\nspec:\n  hosts: [e.example]\n`
  it.each<[string, string, readonly string[]]>([
    ['nobody', UNUSED, SAID],
    ['the namespace', SHOP, []],
    ['a Service', withServiceLabel(UNUSED, 'istio.io/use-waypoint: waypoint'), []],
    [
      'a Service, as a canary',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint-canary: waypoint'),
      [],
    ],
    [
      'a Service that chooses another',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint: other'),
      SAID,
    ],
    [
      'a Service that chooses one of that name elsewhere',
      withServiceLabel(
        UNUSED,
        'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: infra',
      ),
      SAID,
    ],
    [
      'a Service whose choice another tool fills in',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint: "${WAYPOINT}"'),
      [],
    ],
    [
      'a pod, though it does not serve pods, which is a finding of its own',
      UNUSED.replace(
        '        app: api\n    spec',
        '        app: api\n        istio.io/use-waypoint: waypoint\n    spec',
      ),
      [],
    ],
    ['a ServiceEntry', `${UNUSED}---\n${entry('istio.io/use-waypoint: waypoint')}`, []],
    [
      'not the policies that target it',
      `${UNUSED}---\n${policyText('p', 'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\nrules:\n- {}')}`,
      SAID,
    ],
    [
      'whoever a policy admits it for',
      `${UNUSED}---\n${allow('serviceAccounts: ["shop/waypoint"]')}`,
      [],
    ],
    [
      'whoever a policy admits it for by its principal',
      `${UNUSED}---\n${allow('principals: ["*/ns/shop/sa/waypoint"]')}`,
      [],
    ],
    [
      'not whom a policy admits for another',
      `${UNUSED}---\n${allow('serviceAccounts: ["infra/waypoint"]')}`,
      SAID,
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

describe('what the files must tell', () => {
  const template = (kind: string): Files => ({
    'chart/Chart.yaml': 'name: c\nversion: 1.0.0\n',
    'chart/templates/x.yaml': `{{ if .Values.x }}\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n{{ end }}\n`,
  })
  it.each<[string, Files, readonly string[]]>([
    ['the Namespace', { a: without('Namespace', UNUSED) }, []],
    [
      'its labels',
      { a: UNUSED.replace(/ {2}labels:\n {4}istio.io\/dataplane-mode: ambient\n/, '') },
      [],
    ],
    ['its Services', { a: without('Service', UNUSED) }, []],
    [
      'its workloads, for one that serves them',
      { a: serving('workload', without('Deployment', UNUSED)) },
      [],
    ],
    [
      'no more than workloads, for one that serves only them',
      { a: serving('workload', without('Service', UNUSED)) },
      SAID,
    ],
    ['both, for one that serves both', { a: serving('all', without('Deployment', UNUSED)) }, []],
    ['that it serves something', { a: serving('none') }, []],
    ['every ServiceEntry', { a: UNUSED, ...template('ServiceEntry') }, []],
    ['every policy', { a: UNUSED, ...template('AuthorizationPolicy') }, []],
    [
      'the labels of a kustomization',
      { a: UNUSED, 'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n' },
      [],
    ],
    ['every namespace that it admits', { a: routes('          from: All\n') }, []],
    ['the namespace that it admits', { a: selecting('web') }, []],
    ['the namespace that it admits, its own', { a: selecting('shop') }, SAID],
  ])('%s', (_, files, expected) => {
    expect(
      found(
        Object.fromEntries(
          Object.entries(files).map(([name, text]) => [
            name.includes('.') ? name : `${name}.yaml`,
            text,
          ]),
        ),
      ),
    ).toEqual(expected)
  })

  it('that it is a waypoint at all', () => {
    expect(found(UNUSED.replace('istio-waypoint', 'istio'))).toEqual([])
  })
})

describe('enrols the namespace', () => {
  it('by its label', () => {
    const text = (labels: string): string =>
      UNUSED.replace(
        '    istio.io/dataplane-mode: ambient\n',
        `    istio.io/dataplane-mode: ambient # all of it\n${labels}`,
      )
    expectFixed(
      text(''),
      { rule, title: 'Enrol namespace "shop"' },
      text('    istio.io/use-waypoint: waypoint\n'),
    )
  })

  it.each([
    ['serves workloads only', serving('workload')],
    [
      'would be seen in the place of clients',
      `${UNUSED}---\n${policyText('p', 'rules:\n- from:\n  - source:\n      serviceAccounts: ["shop/web"]')}`,
    ],
  ])('not where it %s', (_, text) => {
    expect(
      findingsOf(analyse(text))
        .filter((finding) => finding.rule === rule)
        .map(({ fixes }) => fixes),
    ).toEqual([[]])
  })
})
