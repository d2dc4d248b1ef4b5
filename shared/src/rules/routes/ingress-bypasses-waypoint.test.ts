import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type Files,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP, withServiceLabel } from '../support/examples.js'
import {
  rule,
  POLICY,
  gateway,
  route,
  istioGateway,
  virtualService,
  ingress,
  meshRoute,
  EDGE,
  found,
  BY_GATEWAY,
  ROUTES,
  BY_INGRESS,
} from '../../testing/ingressEdge.js'

it('marks the Service in the route', () => {
  const { found: marked, expected } = compareMarked(
    [
      SHOP,
      POLICY,
      gateway('istio'),
      `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: r
  namespace: shop
spec:
  parentRefs:
  - name: public
    namespace: edge
  rules:
  - backendRefs:
    - name: api
#           ^^^ ingress-bypasses-waypoint: Policies of waypoint "shop/waypoint" do not apply to ingress traffic: Gateway "edge/public" sends it to Service "api" directly.
      port: 80
    - name: api
      port: 81
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: v
  namespace: shop
spec:
  hosts: [shop.example]
  gateways: [edge/public]
  http:
  - route:
    - destination:
        host: api.shop.svc.cluster.local
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^ ingress-bypasses-waypoint: Policies of waypoint "shop/waypoint" do not apply to ingress traffic: Gateway "edge/public" sends it to Service "api" directly.
`,
      istioGateway(),
    ].join('---\n'),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the gateways', () => {
  const selecting = (namespace: string): string =>
    `from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}`
  const corp =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n' +
    '  name: corp\nspec:\n  controllerName: istio.io/gateway-controller\n'
  it.each<[string, readonly string[], readonly string[]]>([
    ['an Istio Gateway', EDGE, [BY_GATEWAY]],
    ['an Istio Gateway with a GRPCRoute', [gateway('istio'), route('GRPCRoute')], [BY_GATEWAY]],
    [
      "a Gateway whose class has Istio's controller",
      [gateway('corp'), corp, route()],
      [BY_GATEWAY],
    ],
    [
      'a Gateway that selects the namespace of the route',
      [gateway('istio', selecting('shop')), route()],
      [BY_GATEWAY],
    ],
    ['a Gateway that selects other namespaces', [gateway('istio', selecting('bank')), route()], []],
    ['a Gateway for routes of its own namespace', [gateway('istio', ''), route()], []],
    ['a Gateway of another class', [gateway('nginx'), route()], []],
    ['a Gateway whose proxy is not Envoy', [gateway('istio-agentgateway'), route()], []],
    ['a Gateway that is not in the files', [route()], []],
    [
      'a Service instead of a Gateway',
      [
        gateway('istio'),
        replaceIn(route(), [
          '- {name: public, namespace: edge}',
          '- {kind: Service, group: "", name: api}',
        ]),
      ],
      [],
    ],
    [
      'a Gateway of the Istio API',
      [istioGateway(), virtualService('mesh, edge/public')],
      [BY_GATEWAY],
    ],
    [
      'an egress gateway',
      [istioGateway('istio: egressgateway'), virtualService('edge/public')],
      [],
    ],
    ['the mesh gateway only', [istioGateway(), virtualService('mesh')], []],
    ['an Ingress of class istio', [ingress('  ingressClassName: istio\n')], [BY_INGRESS]],
    [
      'an Ingress with the old class annotation',
      [ingress('', '  annotations:\n    kubernetes.io/ingress.class: istio\n')],
      [BY_INGRESS],
    ],
    ['an Ingress of another class', [ingress('  ingressClassName: nginx\n')], []],
    ['an Ingress without a class', [ingress('')], []],
  ])('checks the route of %s', (_, documents, expected) => {
    expect(found([SHOP, POLICY, ...documents])).toEqual(expected)
  })
})

describe('the routed Services', () => {
  const service = (more: string): string =>
    replaceIn(SHOP, [
      'spec:\n  selector:\n    app: api\n  ports',
      `spec:\n  ${more}\n  selector:\n    app: api\n  ports`,
    ])
  const onNamespace = (label: string): string =>
    replaceIn(SHOP, [
      '    istio.io/use-waypoint: waypoint\n',
      `    istio.io/use-waypoint: waypoint\n    ${label}\n`,
    ])
  const LABEL = 'istio.io/ingress-use-waypoint: "true"'
  it.each<[string, readonly string[], readonly string[]]>([
    ['a Service behind a waypoint with a policy', [SHOP, POLICY], [BY_GATEWAY]],
    ['a Service with the label ingress-use-waypoint', [withServiceLabel(SHOP, LABEL), POLICY], []],
    ['a Service whose Namespace has the label', [onNamespace(LABEL), POLICY], []],
    [
      'a Service whose label is "false"',
      [withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "false"'), POLICY],
      [],
    ],
    [
      'a Service whose label another tool fills in',
      [withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "${INGRESS}"'), POLICY],
      [],
    ],
    ['a Service whose waypoint has no policy', [SHOP], []],
    ['a Service whose waypoint has routes', [SHOP, meshRoute('api')], [ROUTES]],
    ['a Service whose waypoint has routes of another one', [SHOP, meshRoute('web')], []],
    [
      'a Service whose waypoint has the routes of the gateway',
      [SHOP, meshRoute('api', '  - {name: public, namespace: edge}\n')],
      [],
    ],
    [
      'a Service whose waypoint has policies and routes',
      [SHOP, POLICY, meshRoute('api')],
      [BY_GATEWAY],
    ],
    [
      'a Service whose waypoint allows everything',
      [SHOP, policyText('all', 'targetRefs:\n- kind: Service\n  name: api\nrules:\n- {}')],
      [],
    ],
    [
      'a Service whose policy targets the waypoint',
      [
        SHOP,
        replaceIn(POLICY, [
          'kind: Service\n    name: api',
          'kind: Gateway\n    group: gateway.networking.k8s.io\n    name: waypoint',
        ]),
      ],
      [BY_GATEWAY],
    ],
    ['a headless Service, which never uses a waypoint', [service('clusterIP: None'), POLICY], []],
    ['an ExternalName Service', [service('type: ExternalName'), POLICY], []],
    [
      'a Service without a waypoint',
      [replaceIn(SHOP, ['use-waypoint: waypoint', 'use-waypoint: none']), POLICY],
      [],
    ],
    [
      'a Service that has a waypoint only by assumption',
      [SHOP.slice(SHOP.indexOf('---\n') + 4), POLICY],
      [],
    ],
    [
      'a Service behind an agentgateway waypoint',
      [replaceIn(SHOP, ['istio-waypoint', 'istio-agentgateway-waypoint']), POLICY],
      [],
    ],
  ])('checks a route to %s', (_, documents, expected) => {
    expect(found([...documents, ...EDGE])).toEqual(expected)
  })

  it('reports nothing where a kustomization may add the label', () => {
    const files: Files = {
      'a.yaml': [SHOP, POLICY, ...EDGE].join('---\n'),
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n',
    }
    expect(findingsOf(analyse(files)).filter((finding) => finding.rule === rule)).toEqual([])
  })
})

describe('the policies at ztunnel', () => {
  const allow = (account: string, more = ''): string =>
    policyText('edge', `${more}rules:\n- from:\n  - source:\n      serviceAccounts: [${account}]`)
  const INTENDED = replaceIn(BY_GATEWAY, ['warning', 'information'])
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'denies direct access',
      [COMPANION, ...EDGE],
      [
        'warning: ztunnel denies ingress traffic to Service "api": Gateway "edge/public" ' +
          'bypasses waypoint "shop/waypoint".',
      ],
    ],
    [
      'allows the gateway, which is intended',
      [COMPANION, allow('edge/public-istio'), ...EDGE],
      [INTENDED],
    ],
    [
      'allows another gateway',
      [COMPANION, allow('edge/other-istio'), ...EDGE],
      [
        'warning: ztunnel denies ingress traffic to Service "api": Gateway "edge/public" ' +
          'bypasses waypoint "shop/waypoint".',
      ],
    ],
    [
      "allows the account of the gateway's pods",
      [
        COMPANION,
        allow('edge/doors'),
        istioGateway(),
        virtualService('edge/public'),
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: edge\n  labels:\n' +
          '    istio: ingressgateway\nspec:\n  serviceAccountName: doors\n',
      ],
      [INTENDED],
    ],
    [
      'allows an account with the name of a gateway, without pods in the files',
      [
        COMPANION,
        allow('istio-system/istio-ingressgateway-service-account'),
        istioGateway(),
        virtualService('edge/public'),
      ],
      [INTENDED],
    ],
    [
      'allows a client, without pods in the files',
      [COMPANION, allow('dev/batch'), istioGateway(), virtualService('edge/public')],
      [BY_GATEWAY],
    ],
  ])('reports the effect where ztunnel %s', (_, documents, expected) => {
    expect(found([SHOP, POLICY, ...documents])).toEqual(expected)
  })
})

it('labels the Service', () => {
  const text = (labels: string): string =>
    [
      replaceIn(SHOP, [
        'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
        `kind: Service\nmetadata:\n  name: api # the API\n  namespace: shop\n${labels}`,
      ]),
      POLICY,
      ...EDGE,
    ].join('---\n')
  expectFixed(
    text(''),
    { rule, title: 'Send ingress traffic of "api" through its waypoint' },
    text('  labels:\n    istio.io/ingress-use-waypoint: "true"\n'),
  )
})

it('offers no label where the routing is disabled in istiod', () => {
  const settings = { flags: { ENABLE_INGRESS_WAYPOINT_ROUTING: false } }
  const [finding] = findingsOf(analyse([SHOP, POLICY, ...EDGE].join('---\n'), { settings })).filter(
    (candidate) => candidate.rule === rule,
  )
  expect(finding).toMatchObject({ fixes: [] })
})
