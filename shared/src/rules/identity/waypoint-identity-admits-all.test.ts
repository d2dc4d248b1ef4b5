import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { waypointIdentityAdmitsAll } from './waypoint-identity-admits-all.js'

const rule = waypointIdentityAdmitsAll.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ place }) => (place.kind === 'field' ? place.resource.name : '?'))
}

const source = (field: string, values: string): string =>
  `rules:\n- from:\n  - source:\n      ${field}: [${values}]\n`
const OWN = policyText('own', source('namespaces', 'shop'))
const INFRA = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}
`
const SHOP_OF_INFRA = replaceIn(SHOP, [
  'use-waypoint: waypoint',
  'use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra',
])
const POD_OF_INFRA =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: tool\n  namespace: infra\n  labels:\n    app: tool\n'
const atWaypoint = (rules: string): string =>
  policyText('at-waypoint', `targetRefs:\n- kind: Service\n  name: api\n${rules}`)

it('marks a source that matches the waypoint', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: own
  namespace: shop
spec:
  rules:
  - when:
    - key: source.namespace
#     ^^^ waypoint-identity-admits-all: Every client of waypoint "shop/waypoint" is allowed to workload "api": the source matches the waypoint's own identity.
      values: [shop]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a source that also matches the waypoint', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['the namespace of the waypoint', [SHOP, OWN], ['own']],
    [
      'a principal with a wildcard',
      [SHOP, policyText('own', source('principals', '"cluster.local/ns/shop/*"'))],
      ['own'],
    ],
    ['every namespace but one', [SHOP, policyText('own', source('notNamespaces', 'dev'))], []],
    ["the waypoint's service account", [SHOP, COMPANION], []],
    [
      "the waypoint's service account in any trust domain",
      [SHOP, policyText('companion', source('principals', '"*/ns/shop/sa/waypoint"'))],
      [],
    ],
    [
      'every identity, which allows every client of the mesh',
      [SHOP, policyText('mtls', source('principals', '"*"'))],
      [],
    ],
    ['every client', [SHOP, policyText('all', 'rules:\n- {}')], []],
    ['the namespace, beside a policy that allows the waypoint', [SHOP, OWN, COMPANION], []],
    [
      'the namespace, beside a policy that allows every client',
      [SHOP, OWN, policyText('all', 'rules:\n- {}')],
      [],
    ],
    [
      'the namespace on another port',
      [
        SHOP,
        policyText(
          'own',
          `${source('namespaces', 'shop')}  to:\n  - operation:\n      ports: ["9090"]`,
        ),
      ],
      [],
    ],
    [
      'the namespace of clients, which is not that of the waypoint',
      [SHOP_OF_INFRA, INFRA, OWN],
      [],
    ],
    [
      'a namespace that has only waypoints',
      [SHOP_OF_INFRA, INFRA, policyText('infra', source('namespaces', 'infra'))],
      [],
    ],
    [
      'a namespace of the waypoint and of clients',
      [SHOP_OF_INFRA, INFRA, POD_OF_INFRA, policyText('infra', source('namespaces', 'infra'))],
      ['infra'],
    ],
  ])('a source for %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })
})

describe('a policy at the waypoint', () => {
  it.each<[string, string, readonly string[]]>([
    ['restricts clients by namespace', atWaypoint(source('namespaces', 'shop')), []],
    ['requires a token', atWaypoint(source('requestPrincipals', '"*"')), []],
    [
      'calls an external authorizer',
      atWaypoint('action: CUSTOM\nprovider:\n  name: opa\nrules:\n- {}'),
      [],
    ],
    [
      'restricts only the method',
      atWaypoint('rules:\n- to:\n  - operation:\n      methods: ["GET"]'),
      ['own'],
    ],
    ['only logs', atWaypoint(`action: AUDIT\n${source('namespaces', 'shop')}`), ['own']],
    [
      'is for another Service',
      replaceIn(atWaypoint(source('namespaces', 'shop')), ['name: api', 'name: web']),
      ['own'],
    ],
  ])('a policy at the waypoint that %s', (_, policy, expected) => {
    expect(found([SHOP, OWN, policy])).toEqual(expected)
  })
})

it('assumes that no template adds a policy at the waypoint', () => {
  const template = `---
{{ if .Values.policy }}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: x
{{ end }}
`
  const findings = findingsOf(
    analyse({
      'shop.yaml': `${SHOP}---\n${OWN}`,
      'chart/Chart.yaml': 'name: c\nversion: 1.0.0\n',
      'chart/templates/policy.yaml': template,
    }),
  )
  expect(findings.filter((finding) => finding.rule === rule)).toMatchObject([
    {
      level: 'warning',
      assumptions: [
        'no template adds an AuthorizationPolicy to these workloads or to their waypoint',
      ],
    },
  ])
})

it('offers a fix that moves the restriction to the waypoint', () => {
  const text = `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: own
  namespace: shop
spec: # clients of the namespace
  rules:
    - from:
        - source:
            namespaces: ["shop"]
`
  expectFixed(
    text,
    { rule, title: 'Enforce at the waypoint and allow only traffic from the waypoint' },
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: own
  namespace: shop
spec: # clients of the namespace
  targetRefs:
    - kind: Gateway
      group: gateway.networking.k8s.io
      name: waypoint
  rules:
    - from:
        - source:
            namespaces: ["shop"]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-only-from-waypoint
  namespace: shop
spec:
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts:
              - shop/waypoint
`,
  )
})
