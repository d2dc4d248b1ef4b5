import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type Files,
} from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { waypointUnused } from './waypoint-unused.js'

const rule = waypointUnused.name

const UNUSED = replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', ''])
const without = (kind: string, text: string): string =>
  text
    .split(/^---\n/m)
    .filter((document) => !document.includes(`kind: ${kind}\n`))
    .join('---\n')
const routes = (text: string): string =>
  replaceIn(UNUSED, [
    '      protocol: HBONE\n',
    `      protocol: HBONE\n      allowedRoutes:\n        namespaces:\n${text}`,
  ])
const selecting = (name: string): string =>
  routes(
    '          from: Selector\n          selector:\n            matchLabels:\n' +
      `              kubernetes.io/metadata.name: ${name}\n`,
  )
const serving = (value: string, text = UNUSED): string =>
  replaceIn(text, ['waypoint-for: service', `waypoint-for: ${value}`])
const allow = (source: string): string =>
  policyText('p', `rules:\n- from:\n  - source:\n      ${source}`, 'payments')

function found(files: Files | string): string[] {
  return findingsOf(analyse(files))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

it('marks the name of the waypoint', () => {
  const { found: marked, expected } = compareMarked(
    replaceIn(UNUSED, [
      '  name: waypoint\n',
      '  name: waypoint\n' +
        '#       ^^^^^^^^ waypoint-unused: No namespace, Service or pod uses waypoint "shop/waypoint".\n',
    ]),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
  expect(expected).toHaveLength(1)
})

const NOT_USED = ['information: No namespace, Service or pod uses waypoint "shop/waypoint".']

describe('a waypoint', () => {
  const entry = (labels: string): string =>
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: e\n' +
    `  namespace: shop\n  labels:\n    ${labels}\nspec:\n  hosts: [e.example]\n`
  it.each<[string, string, readonly string[]]>([
    ['no object', UNUSED, NOT_USED],
    ['the namespace', SHOP, []],
    ['a Service', withServiceLabel(UNUSED, 'istio.io/use-waypoint: waypoint'), []],
    [
      'a Service as a canary',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint-canary: waypoint'),
      [],
    ],
    [
      'no Service, but another name',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint: other'),
      NOT_USED,
    ],
    [
      'no Service, but the same name in another namespace',
      withServiceLabel(
        UNUSED,
        'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: infra',
      ),
      NOT_USED,
    ],
    [
      'a Service whose label another tool fills in',
      withServiceLabel(UNUSED, 'istio.io/use-waypoint: "${WAYPOINT}"'),
      [],
    ],
    [
      'a pod, although it does not serve pods',
      replaceIn(UNUSED, [
        '        app: api\n    spec',
        '        app: api\n        istio.io/use-waypoint: waypoint\n    spec',
      ]),
      [],
    ],
    ['a ServiceEntry', `${UNUSED}---\n${entry('istio.io/use-waypoint: waypoint')}`, []],
    [
      'no object, but targeted by a policy, where the finding is',
      `${UNUSED}---\n` +
        policyText(
          'p',
          'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n' +
            '  name: waypoint\nrules:\n- {}',
        ),
      [],
    ],
    [
      'workloads of a policy that allows its account',
      `${UNUSED}---\n${allow('serviceAccounts: ["shop/waypoint"]')}`,
      [],
    ],
    [
      'workloads of a policy that allows its principal',
      `${UNUSED}---\n${allow('principals: ["*/ns/shop/sa/waypoint"]')}`,
      [],
    ],
    [
      'no object, but an account in a policy for another waypoint',
      `${UNUSED}---\n${allow('serviceAccounts: ["infra/waypoint"]')}`,
      NOT_USED,
    ],
  ])('is checked if it is used by %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

describe('an unused waypoint', () => {
  const template = (kind: string): Files => ({
    'chart/Chart.yaml': 'name: c\nversion: 1.0.0\n',
    'chart/templates/x.yaml': `{{ if .Values.x }}\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n{{ end }}\n`,
  })
  it.each<[string, Files, readonly string[]]>([
    ['a missing Namespace', { a: without('Namespace', UNUSED) }, []],
    [
      'labels of the Namespace that are not known',
      { a: replaceIn(UNUSED, [/ {2}labels:\n {4}istio.io\/dataplane-mode: ambient\n/, '']) },
      [],
    ],
    ['missing Services', { a: without('Service', UNUSED) }, []],
    [
      'missing workloads for a waypoint for workloads',
      { a: serving('workload', without('Deployment', UNUSED)) },
      [],
    ],
    [
      'missing Services for a waypoint for workloads only',
      { a: serving('workload', without('Service', UNUSED)) },
      NOT_USED,
    ],
    [
      'missing workloads for a waypoint for all traffic',
      { a: serving('all', without('Deployment', UNUSED)) },
      [],
    ],
    ['a waypoint for no traffic', { a: serving('none') }, []],
    ['a template of a ServiceEntry', { a: UNUSED, ...template('ServiceEntry') }, []],
    ['a template of a policy', { a: UNUSED, ...template('AuthorizationPolicy') }, []],
    [
      'labels that a kustomization adds',
      { a: UNUSED, 'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n' },
      [],
    ],
    ['routes for all namespaces', { a: routes('          from: All\n') }, []],
    ['a route for another namespace', { a: selecting('web') }, []],
    ['a route for its own namespace', { a: selecting('shop') }, NOT_USED],
  ])('is reported depending on %s', (_, files, expected) => {
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

  it('is not reported for a Gateway that is not a waypoint', () => {
    expect(found(replaceIn(UNUSED, ['istio-waypoint', 'istio']))).toEqual([])
  })
})

describe('the fix', () => {
  it('labels the namespace', () => {
    const text = (labels: string): string =>
      replaceIn(UNUSED, [
        '    istio.io/dataplane-mode: ambient\n',
        `    istio.io/dataplane-mode: ambient # all of it\n${labels}`,
      ])
    expectFixed(
      text(''),
      { rule, title: 'Use this waypoint for namespace "shop"' },
      text('    istio.io/use-waypoint: waypoint\n'),
    )
  })

  it.each([
    ['serves only workloads', serving('workload')],
    [
      'would hide the clients from a policy',
      `${UNUSED}---\n${policyText('p', 'rules:\n- from:\n  - source:\n      serviceAccounts: ["shop/web"]')}`,
    ],
  ])('is not offered where the waypoint %s', (_, text) => {
    expect(
      findingsOf(analyse(text))
        .filter((finding) => finding.rule === rule)
        .map(({ fixes }) => fixes),
    ).toEqual([[]])
  })
})

it('is reported beside a policy where the key of an earlier release bound the traffic', () => {
  const annotated = replaceIn(UNUSED, [
    'name: waypoint\n  namespace: shop\n',
    'name: waypoint\n  namespace: shop\n  annotations: {istio.io/for-service-account: api}\n',
  ])
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: waypoint}], rules: [{}]}
`
  expect(found(annotated + policy)).toEqual(NOT_USED)
})
