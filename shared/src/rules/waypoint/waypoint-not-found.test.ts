import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointNotFound } from './waypoint-not-found.js'

const rule = waypointNotFound.name

function found(files: Files | string, options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(files, options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => (level === 'error' ? message : `${level}: ${message}`))
}

const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n' +
  '    istio.io/dataplane-mode: ambient\n    istio.io/use-waypoint: waypoint\n'
const GATEWAY =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  '  name: waypoint\n  namespace: shop\nspec:\n  gatewayClassName: istio-waypoint\n' +
  '  listeners: [{name: mesh, port: 15008, protocol: HBONE}]\n'

it('marks the label value on every kind of object', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/use-waypoint: gate
#                          ^^^^ waypoint-not-found: No L7 policy is enforced in this namespace: waypoint "shop/gate" does not exist.
---
${GATEWAY}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
  labels:
    istio.io/use-waypoint: egress
#                          ^^^^^^ waypoint-not-found: No L7 policy is enforced for "payments": waypoint "shop/egress" does not exist; the namespace's waypoint is not used instead.
spec:
  hosts: [api.payments.example]
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: vm
  namespace: shop
  labels:
    istio.io/use-waypoint: vms
#                          ^^^ waypoint-not-found: No L7 policy is enforced for "vm": waypoint "shop/vms" does not exist; the namespace's waypoint is not used instead.
spec:
  address: 192.0.2.1
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  template:
    metadata:
      labels:
        istio.io/use-waypoint: pods
#                              ^^^^ waypoint-not-found: No L7 policy is enforced for "api": waypoint "shop/pods" does not exist; the namespace's waypoint is not used instead.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a label with a missing waypoint', () => {
  const mistyped = replaceIn(NAMESPACE, ['use-waypoint: waypoint', 'use-waypoint: waypont'])
  const template =
    '{{ if .Values.w }}\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: x\n{{ end }}\n'
  const chart = {
    'chart/Chart.yaml': 'name: c\nversion: 1.0.0\n',
    'chart/templates/gateway.yaml': template,
  }
  const NOT_FOUND =
    'No L7 policy is enforced in this namespace: waypoint "shop/waypont" does not exist.'
  it.each<[string, Files, AnalyseOptions, readonly string[]]>([
    ['a namespace without any Gateway', { a: NAMESPACE }, {}, []],
    [
      'a namespace without any Gateway in a closed world',
      { a: NAMESPACE },
      { world: 'closed' },
      [replaceIn(NOT_FOUND, ['waypont', 'waypoint'])],
    ],
    ['a namespace with a Gateway', { a: mistyped, b: GATEWAY }, {}, [NOT_FOUND]],
    [
      'a template that may be the Gateway and a similar name',
      { a: mistyped, b: GATEWAY, ...chart },
      {},
      [`warning: ${NOT_FOUND}`],
    ],
    [
      'a template that may be the Gateway',
      { a: replaceIn(mistyped, ['waypont', 'gate']), b: GATEWAY, ...chart },
      {},
      [],
    ],
    ['an existing Gateway', { a: NAMESPACE, b: GATEWAY }, {}, []],
    ['the value none', { a: replaceIn(mistyped, ['waypont', 'none']), b: GATEWAY }, {}, []],
    [
      'a value that another tool fills in',
      { a: replaceIn(mistyped, ['waypont', '${WAYPOINT}']), b: GATEWAY },
      {},
      [],
    ],
    [
      'an invalid label value',
      { a: replaceIn(mistyped, ['waypont', 'infra/waypoint']), b: GATEWAY },
      {},
      [],
    ],
    [
      'a namespace outside the files',
      {
        a: replaceIn(mistyped, ['waypont', 'gate\n    istio.io/use-waypoint-namespace: infra']),
        b: GATEWAY,
      },
      {},
      [],
    ],
    [
      'a similar name only, without a namespace',
      {
        a: replaceIn(mistyped, ['kind: Namespace', 'kind: Service'], ['name: shop', 'name: api']),
        b: replaceIn(GATEWAY, ['  namespace: shop\n', '']),
      },
      {},
      ['warning: No L7 policy is enforced for "api": waypoint "waypont" does not exist.'],
    ],
  ])('is checked with %s', (_, files, options, expected) => {
    const named = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name.includes('/') ? name : `${name}.yaml`,
        text,
      ]),
    )
    expect(found(named, options)).toEqual(expected)
  })
})

it('suggests the similar name', () => {
  const text = (name: string): string =>
    withServiceLabel(SHOP, `istio.io/use-waypoint: ${name} # ours`)
  expectFixed(text('waypont'), { rule, title: 'Change to "waypoint"' }, text('waypoint'))
})

const SHARED =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  '  name: shared\n  namespace: infra\nspec:\n  gatewayClassName: istio-waypoint\n' +
  '  listeners:\n' +
  '  - {name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}\n'

it('adds the namespace of a waypoint with this name', () => {
  const text = (label: string): string => `${withServiceLabel(SHOP, label)}---\n${SHARED}`
  expectFixed(
    text('istio.io/use-waypoint: shared'),
    { rule, title: 'Use the waypoint of namespace "infra"' },
    text('istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra'),
  )
})

describe('a label without the namespace of a shared waypoint', () => {
  const service = (labels: string): string =>
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: shop\n' +
    `  labels: {${labels}}\nspec:\n  selector: {app: api}\n  ports: [{port: 80}]\n`
  const unqualified = service('istio.io/use-waypoint: shared')
  it('is reported with the assumption that it names this waypoint', () => {
    const findings = findingsOf(analyse({ a: unqualified, b: SHARED })).filter(
      (finding) => finding.rule === rule,
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      level: 'warning',
      message: 'No L7 policy is enforced for "api": waypoint "shop/shared" does not exist.',
      assumptions: [
        '"shared" is the waypoint of namespace "infra", not a Gateway outside these files',
      ],
    })
    expect(findings[0]?.related.map(({ message }) => message)).toEqual([
      'Waypoint "infra/shared" is defined here.',
    ])
  })

  it.each<[string, Files]>([
    [
      'with the namespace',
      {
        a: service('istio.io/use-waypoint: shared, istio.io/use-waypoint-namespace: infra'),
        b: SHARED,
      },
    ],
    [
      'for a waypoint of its own namespace',
      { a: unqualified, b: replaceIn(SHARED, ['infra', 'shop']) },
    ],
    ['where the waypoint is not shared', { a: unqualified, b: replaceIn(SHARED, ['All', 'Same']) }],
    [
      'where two namespaces share a waypoint of this name',
      { a: unqualified, b: SHARED, c: replaceIn(SHARED, ['infra', 'edge']) },
    ],
    [
      'where a template may define the waypoint',
      {
        a: unqualified,
        b: SHARED,
        c: 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: {{ .name }}\n',
      },
    ],
    [
      'where the Gateway of this name is no waypoint',
      { a: unqualified, b: replaceIn(SHARED, ['istio-waypoint', 'istio']) },
    ],
  ])('%s is not reported', (_, files) => {
    expect(found(files)).toEqual([])
  })
})

it('creates the missing waypoint of the namespace', () => {
  const text = `${NAMESPACE}---\n${replaceIn(GATEWAY, ['name: waypoint', 'name: old'], ['istio-waypoint', 'istio'])}`
  const fixed = expectFixed(text, { rule, title: 'Create a waypoint and use it' })
  expect(fixed['test.yaml']).toBe(`${NAMESPACE}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  labels:
    istio.io/waypoint-for: service
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
${text.slice(NAMESPACE.length)}`)
  expect(describeFindings(analyse(fixed)).filter((line) => line.includes(rule))).toEqual([])
})
