import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { l7ResourceWithoutWaypoint } from './l7-resource-without-waypoint.js'
import { AMBIENT_SHOP, SHOP } from '../support/examples.js'

const rule = l7ResourceWithoutWaypoint.name

const GROUPS: Readonly<Record<string, string>> = {
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  VirtualService: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  Gateway: 'gateway.networking.k8s.io/v1',
  Service: 'v1',
  Namespace: 'v1',
}
const object = (kind: string, spec: string, namespace = 'shop', name = 'x'): string =>
  `apiVersion: ${GROUPS[kind] ?? ''}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:${spec === '' ? ' {}\n' : `\n${spec}`}`
const selector = (label = 'app: api'): string => `  selector:\n    matchLabels:\n      ${label}\n`
const target = (kind: string, name: string): string =>
  `  targetRefs:\n  - kind: ${kind}\n    group: ${kind === 'Service' ? '""' : kind === 'Gateway' ? 'gateway.networking.k8s.io' : 'networking.istio.io'}\n    name: ${name}\n`
const namespace = (name: string, labels: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${labels}\n`
const SERVICE = object(
  'Service',
  '  selector:\n    app: api\n  ports:\n  - {name: http, port: 80, targetPort: 8080}\n',
  'shop',
  'api',
)
const OUTSIDE = `${AMBIENT_SHOP}${SERVICE}`

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

it('marks the attachment, the parent and the host', () => {
  const { found: marked, expected } = compareMarked(
    `${OUTSIDE}---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: x
  namespace: shop
spec:
  selector:
# ^^^^^^^^ l7-resource-without-waypoint: Waypoints take a RequestAuthentication only by targetRefs: this one has no effect on workload "api" in ambient.
    matchLabels:
      app: api
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata:
  name: x
#       ^ l7-resource-without-waypoint: Waypoints take a WasmPlugin only by targetRefs: this one has no effect on workload "api" in ambient.
  namespace: shop
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: x
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: api
#         ^^^ l7-resource-without-waypoint: Service "api" has no waypoint: this Telemetry has no effect on its traffic in ambient.
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: x
  namespace: shop
spec:
  parentRefs:
  - kind: Service
    group: ""
    name: api
#         ^^^ l7-resource-without-waypoint: Service "api" has no waypoint: this HTTPRoute has no effect on its traffic in ambient.
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: x
  namespace: shop
spec:
  hosts: [api.shop.svc.cluster.local]
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^ l7-resource-without-waypoint: Service "api" has no waypoint: this VirtualService has no effect on its traffic in ambient.
  http:
  - timeout: 1s
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('without targetRefs', () => {
  const ONLY = (kind: string, level = 'warning'): string =>
    `${level}: Waypoints take a ${kind} only by targetRefs: this one has no effect on workload "api" in ambient.`
  const BY_NO =
    'warning: Waypoints take a Telemetry by no selector: this one has no effect on workload "api" in ambient.'
  const NO_WAYPOINT =
    'warning: There is no waypoint for it: this one has no effect on workload "api" in ambient.'
  const gateway = (namespaceName: string): string =>
    object(
      'Gateway',
      '  gatewayClassName: istio\n  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n',
      namespaceName,
      'edge',
    )
  const pod = (name: string, labels: string, where = 'shop'): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${where}\n  labels:\n    ${labels}\n`
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a selector, behind a waypoint',
      [SHOP, object('RequestAuthentication', selector())],
      [ONLY('RequestAuthentication')],
    ],
    [
      'a selector, without a waypoint',
      [OUTSIDE, object('WasmPlugin', selector())],
      [ONLY('WasmPlugin')],
    ],
    [
      'a selector of nothing that is here',
      [SHOP, object('RequestAuthentication', selector('app: web'))],
      [],
    ],
    [
      'a selector of gateways',
      [SHOP, object('RequestAuthentication', selector('istio: ingressgateway'))],
      [],
    ],
    [
      'a selector that another tool fills in',
      [SHOP, object('RequestAuthentication', selector('app: ${APP}'))],
      [],
    ],
    [
      'a selector of a sidecar too',
      [
        SHOP,
        pod('p', 'app: api\n    sidecar.istio.io/inject: "true"'),
        object('RequestAuthentication', selector()),
      ],
      [],
    ],
    ['a namespace', [SHOP, object('RequestAuthentication', '')], [ONLY('RequestAuthentication')]],
    [
      'a namespace with sidecars',
      [
        SHOP.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled'),
        object('RequestAuthentication', ''),
      ],
      [],
    ],
    [
      'a namespace that is not enrolled',
      [SHOP.replace('mode: ambient', 'mode: none'), object('RequestAuthentication', selector())],
      [],
    ],
    [
      'a namespace whose enrolment nobody tells',
      [SHOP.slice(SHOP.indexOf('---\n') + 4), object('RequestAuthentication', '')],
      [],
    ],
    [
      'a namespace with a gateway',
      [SHOP, gateway('shop'), object('RequestAuthentication', '')],
      [],
    ],
    [
      'a namespace with the pods of a gateway',
      [SHOP, pod('p', 'istio: ingressgateway'), object('RequestAuthentication', '')],
      [],
    ],
    [
      'the mesh',
      [SHOP, object('RequestAuthentication', '', 'istio-system')],
      [ONLY('RequestAuthentication')],
    ],
    [
      'a mesh with a gateway',
      [SHOP, gateway('edge'), object('RequestAuthentication', '', 'istio-system')],
      [],
    ],
    [
      'a mesh with sidecars',
      [
        SHOP,
        namespace('legacy', 'istio-injection: enabled'),
        object('RequestAuthentication', '', 'istio-system'),
      ],
      [],
    ],
    ['a Telemetry with a selector', [SHOP, object('Telemetry', selector())], [BY_NO]],
    ['a Telemetry of a namespace with a waypoint', [SHOP, object('Telemetry', '')], []],
    ['a Telemetry of a namespace without one', [OUTSIDE, object('Telemetry', '')], [NO_WAYPOINT]],
    ['a Telemetry of the mesh', [OUTSIDE, object('Telemetry', '', 'istio-system')], []],
  ])('%s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('says what it assumes of a namespace that is not here, and of the rest of the mesh', () => {
    const assumptions = (...documents: readonly string[]): unknown =>
      findingsOf(analyse(documents.join('---\n')))
        .filter((finding) => finding.rule === rule)
        .map((finding) => finding.assumptions)
    expect(
      assumptions(
        SHOP.slice(SHOP.indexOf('---\n') + 4),
        object('RequestAuthentication', selector()),
      ),
    ).toEqual([['namespace "shop" is ambient, because it has the waypoint "waypoint"']])
    expect(assumptions(SHOP, object('RequestAuthentication', '', 'istio-system'))).toEqual([
      ['the mesh has no sidecar and no gateway that these files do not show'],
    ])
  })
})

describe('for a Service or a host', () => {
  const NONE = (name: string, kind: string): string =>
    `warning: ${name} has no waypoint: this ${kind} has no effect on its traffic in ambient.`
  const parents = (refs: string): string => `  parentRefs:\n${refs}  rules: []\n`
  const PARENT = '  - {kind: Service, group: "", name: api}\n'
  const entry = (label: string): string =>
    object('ServiceEntry', '  hosts: [pay.example]\n  resolution: DNS\n').replace(
      'spec:',
      `  labels:\n    ${label}\nspec:`,
    )
  const virtualService = (spec: string): string =>
    object('VirtualService', `${spec}  http:\n  - timeout: 1s\n`)
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a target without a waypoint',
      [OUTSIDE, object('RequestAuthentication', target('Service', 'api'))],
      [NONE('Service "api"', 'RequestAuthentication')],
    ],
    ['a target with one', [SHOP, object('RequestAuthentication', target('Service', 'api'))], []],
    [
      'a target that opts out',
      [
        SHOP.replace('use-waypoint: waypoint', 'use-waypoint: none'),
        object('WasmPlugin', target('Service', 'api')),
      ],
      [NONE('Service "api"', 'WasmPlugin')],
    ],
    [
      'a target that is not here',
      [OUTSIDE, object('RequestAuthentication', target('Service', 'web'))],
      [],
    ],
    [
      'a Gateway, which is one',
      [OUTSIDE, object('RequestAuthentication', target('Gateway', 'waypoint'))],
      [],
    ],
    [
      'a ServiceEntry without a waypoint',
      [OUTSIDE, entry('team: a'), object('Telemetry', target('ServiceEntry', 'x'))],
      [NONE('ServiceEntry "x"', 'Telemetry')],
    ],
    [
      'a parent without a waypoint',
      [OUTSIDE, object('GRPCRoute', parents(PARENT))],
      [NONE('Service "api"', 'GRPCRoute')],
    ],
    ['a parent with one', [SHOP, object('HTTPRoute', parents(PARENT))], []],
    [
      'a parent that is a gateway',
      [OUTSIDE, object('HTTPRoute', parents('  - {name: edge}\n'))],
      [],
    ],
    [
      'a parent of another namespace',
      [
        OUTSIDE,
        object(
          'HTTPRoute',
          parents('  - {kind: Service, group: "", name: api, namespace: shop}\n'),
          'web',
        ),
      ],
      [],
    ],
    [
      'a host without a waypoint',
      [OUTSIDE, virtualService('  hosts: [api]\n')],
      [NONE('Service "api"', 'VirtualService')],
    ],
    ['a host with one', [SHOP, virtualService('  hosts: [api]\n')], []],
    [
      'a host of a gateway',
      [OUTSIDE, virtualService('  hosts: [api]\n  gateways: [edge, mesh]\n')],
      [],
    ],
    ['a host that is not here', [OUTSIDE, virtualService('  hosts: [web, example.com]\n')], []],
    [
      'an external host without a waypoint',
      [OUTSIDE, entry('team: a'), virtualService('  hosts: [pay.example]\n')],
      [NONE('ServiceEntry "x"', 'VirtualService')],
    ],
    [
      'connections alone',
      [
        OUTSIDE,
        object(
          'VirtualService',
          '  hosts: [api]\n  tcp:\n  - route:\n    - destination: {host: api}\n',
        ),
      ],
      [],
    ],
    [
      'a namespace that is not enrolled',
      [OUTSIDE.replace('mode: ambient', 'mode: none'), virtualService('  hosts: [api]\n')],
      [],
    ],
    ['a namespace whose enrolment nobody tells', [SERVICE, virtualService('  hosts: [api]\n')], []],
  ])('%s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('not where a kustomization may label it', () => {
    const files: Files = {
      'a.yaml': `${OUTSIDE}---\n${object('HTTPRoute', parents(PARENT))}`,
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n',
    }
    expect(findingsOf(analyse(files)).filter((finding) => finding.rule === rule)).toEqual([])
  })
})

describe('binds it', () => {
  it('to the Service of what it selects', () => {
    const text = (before: string): string =>
      `${SHOP}---\n${object('RequestAuthentication', `${before}  jwtRules: # of ours\n  - issuer: https://login.example\n`)}`
    expectFixed(
      text(selector()),
      { rule, title: 'Bind to waypoint via targetRefs' },
      text(target('Service', 'api')),
    )
  })

  it('to a waypoint that it creates', () => {
    const fixed = expectFixed([OUTSIDE, object('WasmPlugin', selector())].join('---\n'), {
      rule,
      title: 'Bind to waypoint via targetRefs, create the waypoint',
    })
    expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: waypoint\n')
    expect(fixed['test.yaml']).toContain('kind: Gateway\n')
  })

  it('by a waypoint for its target', () => {
    const fixed = expectFixed(
      [OUTSIDE, object('RequestAuthentication', target('Service', 'api'))].join('---\n'),
      { rule, title: 'Create waypoint and enrol' },
    )
    expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: waypoint\n')
  })

  it('by a label of its target, where there is a waypoint', () => {
    const text = (label: string): string =>
      [
        SHOP.replace('    istio.io/use-waypoint: waypoint\n', '').replace(
          'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
          `kind: Service\nmetadata:\n  name: api\n  namespace: shop\n${label}`,
        ),
        object('HTTPRoute', '  parentRefs: [{kind: Service, group: "", name: api}]\n'),
      ].join('---\n')
    expectFixed(
      text(''),
      { rule, title: 'Bind "api" to waypoint "shop/waypoint"' },
      text('  labels:\n    istio.io/use-waypoint: waypoint\n'),
    )
  })
})
