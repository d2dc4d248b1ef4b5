import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { waypointAttachmentDenied } from './waypoint-attachment-denied.js'

const rule = waypointAttachmentDenied.name

const LABELS =
  '  labels:\n    istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra\n'
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n' +
  '    istio.io/dataplane-mode: ambient\n    team: shop\n'
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: shop\n' +
  `${LABELS}spec:\n  ports:\n  - {name: http, port: 80}\n`
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
    '          matchExpressions:\n          - key: kubernetes.io/metadata.name\n' +
      '            operator: In\n            values:\n' +
      names.map((name) => `            - ${name}\n`).join(''),
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
#                          ^^^^^^ waypoint-attachment-denied: No L7 policy is enforced in this namespace: waypoint "infra/shared" does not allow namespace "web".
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
#                              ^^^^^^ waypoint-attachment-denied: No L7 policy is enforced for "api": waypoint "infra/shared" does not allow namespace "shop".
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the namespaces that a waypoint allows', () => {
  const DENIED = [
    'error: No L7 policy is enforced for "api": waypoint "infra/shared" does not allow namespace "shop".',
  ]
  it.each<[string, readonly string[], readonly string[]]>([
    ['its own namespace by default', [NAMESPACE, SERVICE, gateway('')], DENIED],
    [
      'its own namespace with Same',
      [NAMESPACE, SERVICE, gateway(routes('        from: Same\n'))],
      DENIED,
    ],
    ['all namespaces', [NAMESPACE, SERVICE, gateway(routes('        from: All\n'))], []],
    [
      'another namespace by name',
      [NAMESPACE, SERVICE, gateway(label('kubernetes.io/metadata.name: web'))],
      DENIED,
    ],
    ['this namespace by name', [NAMESPACE, SERVICE, gateway(named('web', 'shop'))], []],
    ['namespaces with another label', [NAMESPACE, SERVICE, gateway(label('team: web'))], DENIED],
    ['namespaces with this label', [NAMESPACE, SERVICE, gateway(label('team: shop'))], []],
    [
      'unknown for a label without the Namespace in the files',
      [SERVICE, gateway(label('team: web'))],
      [],
    ],
    [
      'unknown for a label where another tool adds labels',
      [replaceIn(NAMESPACE, [/ {2}labels:\n.*\n.*\n/, '']), SERVICE, gateway(label('team: web'))],
      [],
    ],
    ['its own namespace for any waypoint class', [NAMESPACE, SERVICE, gateway('', 'corp')], DENIED],
    [
      'not reported for a Gateway that is not a waypoint',
      [NAMESPACE, SERVICE, gateway('', 'istio')],
      [],
    ],
    [
      'unknown for two definitions that differ',
      [NAMESPACE, SERVICE, gateway(''), gateway(routes('        from: All\n'))],
      [],
    ],
    [
      'unknown for an inbound binding to another listener',
      [
        NAMESPACE,
        SERVICE,
        replaceIn(gateway(''), [
          'spec:',
          '  annotations:\n    ambient.istio.io/waypoint-inbound-binding: PROXY\nspec:',
        ]),
      ],
      [],
    ],
    [
      'unknown where another tool fills them in',
      [NAMESPACE, SERVICE, gateway(routes('        from: "${FROM}"\n'))],
      [],
    ],
    [
      'unknown for an object without a namespace',
      [replaceIn(SERVICE, ['  namespace: shop\n', '']), gateway('')],
      [],
    ],
  ])('are %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })
})

describe('the fix', () => {
  const text = (allowed: string): string => [NAMESPACE, SERVICE, gateway(allowed)].join('---\n')
  it.each<[string, string, string, string]>([
    [
      'in addition to its own',
      '',
      'Allow namespace "shop" to use the waypoint',
      named('infra', 'shop'),
    ],
    [
      'in addition to another',
      label('kubernetes.io/metadata.name: web'),
      'Allow namespace "shop" to use the waypoint',
      named('web', 'shop'),
    ],
    [
      'in addition to others',
      named('web', 'infra'),
      'Allow namespace "shop" to use the waypoint',
      named('web', 'infra', 'shop'),
    ],
    [
      'with all others',
      label('team: web'),
      'Allow all namespaces to use the waypoint',
      routes('        from: All\n'),
    ],
  ])('allows the namespace %s', (_, before, title, after) => {
    expectFixed(text(before), { rule, title }, text(after))
  })

  it('does not name the namespace where the selector uses other labels', () => {
    const [finding] = findingsOf(analyse(text(label('team: web')))).filter(
      (candidate) => candidate.rule === rule,
    )
    expect(finding?.fixes.map(({ title }) => title)).toEqual([
      'Allow all namespaces to use the waypoint',
    ])
  })
})
