import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { waypointAttachmentDenied } from './waypoint-attachment-denied.js'

const rule = waypointAttachmentDenied.name

const LABELS =
  '  labels:\n    istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra\n'
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient\n    team: shop\n'
const SERVICE = `apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: shop\n${LABELS}spec:\n  ports:\n  - {name: http, port: 80}\n`
const gateway = (
  routes: string,
  className = 'istio-waypoint',
): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: ${className}
  listeners:
  - name: mesh # HBONE
    port: 15008
    protocol: HBONE
${routes}`
const routes = (text: string): string => `    allowedRoutes:\n      namespaces:\n${text}`
const selector = (text: string): string =>
  routes(`        from: Selector\n        selector:\n${text}`)
const named = (...names: readonly string[]): string =>
  selector(
    `          matchExpressions:\n          - key: kubernetes.io/metadata.name\n            operator: In\n            values:\n${names.map((name) => `            - ${name}\n`).join('')}`,
  )
const label = (text: string): string => selector(`          matchLabels:\n            ${text}\n`)

const found = (documents: readonly string[], options: AnalyseOptions = {}): string[] =>
  findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks the name of the waypoint', () => {
  const { found: marked, expected } = compareMarked(
    `${gateway('')}---
apiVersion: v1
kind: Namespace
metadata:
  name: web
  labels:
    istio.io/use-waypoint: shared
#                          ^^^^^^ waypoint-attachment-denied: Waypoint "infra/shared" does not admit namespace "web": nothing in it is bound to it, no L7 policy is enforced.
    istio.io/use-waypoint-namespace: infra
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
        istio.io/use-waypoint-namespace: infra
        istio.io/use-waypoint: shared
#                              ^^^^^^ waypoint-attachment-denied: Waypoint "infra/shared" does not admit namespace "shop": "api" is not bound to it, no L7 policy is enforced.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('whom a waypoint admits', () => {
  const DENIED = [
    'error: Waypoint "infra/shared" does not admit namespace "shop": "api" is not bound to it, no L7 policy is enforced.',
  ]
  it.each<[string, readonly string[], readonly string[]]>([
    ['its own namespace, where it says nothing', [NAMESPACE, SERVICE, gateway('')], DENIED],
    [
      'its own namespace, where it says so',
      [NAMESPACE, SERVICE, gateway(routes('        from: Same\n'))],
      DENIED,
    ],
    ['every namespace', [NAMESPACE, SERVICE, gateway(routes('        from: All\n'))], []],
    [
      'another namespace, by name',
      [NAMESPACE, SERVICE, gateway(label('kubernetes.io/metadata.name: web'))],
      DENIED,
    ],
    ['this namespace, by name', [NAMESPACE, SERVICE, gateway(named('web', 'shop'))], []],
    ['another team', [NAMESPACE, SERVICE, gateway(label('team: web'))], DENIED],
    ['this team', [NAMESPACE, SERVICE, gateway(label('team: shop'))], []],
    [
      'a team that may be this one, whose namespace is not here',
      [SERVICE, gateway(label('team: web'))],
      [],
    ],
    [
      'a team that may be this one, whose namespace is labelled elsewhere',
      [NAMESPACE.replace(/ {2}labels:\n.*\n.*\n/, ''), SERVICE, gateway(label('team: web'))],
      [],
    ],
    [
      'its own namespace, whatever the class is called',
      [NAMESPACE, SERVICE, gateway('', 'corp')],
      DENIED,
    ],
    [
      'nobody, as it is no waypoint, which is a finding of its own',
      [NAMESPACE, SERVICE, gateway('', 'istio')],
      [],
    ],
    [
      'its own namespace or all, by two definitions',
      [NAMESPACE, SERVICE, gateway(''), gateway(routes('        from: All\n'))],
      [],
    ],
    [
      'whom another listener admits, which its binding names',
      [
        NAMESPACE,
        SERVICE,
        gateway('').replace(
          'spec:',
          '  annotations:\n    ambient.istio.io/waypoint-inbound-binding: PROXY\nspec:',
        ),
      ],
      [],
    ],
    [
      'what another tool fills in',
      [NAMESPACE, SERVICE, gateway(routes('        from: "${FROM}"\n'))],
      [],
    ],
    [
      'an object without a namespace, which may lie in its own',
      [SERVICE.replace('  namespace: shop\n', ''), gateway('')],
      [],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })
})

describe('admits the namespace', () => {
  const text = (allowed: string): string => [NAMESPACE, SERVICE, gateway(allowed)].join('---\n')
  it.each<[string, string, string, string]>([
    ['beside its own', '', 'Allow namespace "shop"', named('infra', 'shop')],
    [
      'beside another',
      label('kubernetes.io/metadata.name: web'),
      'Allow namespace "shop"',
      named('web', 'shop'),
    ],
    [
      'beside others',
      named('web', 'infra'),
      'Allow namespace "shop"',
      named('web', 'infra', 'shop'),
    ],
    ['with all others', label('team: web'), 'Allow all namespaces', routes('        from: All\n')],
  ])('%s', (_, before, title, after) => {
    expectFixed(text(before), { rule, title }, text(after))
  })

  it('not by name where its labels speak of other things', () => {
    const [finding] = findingsOf(analyse(text(label('team: web')))).filter(
      (candidate) => candidate.rule === rule,
    )
    expect(finding?.fixes.map(({ title }) => title)).toEqual(['Allow all namespaces'])
  })
})
