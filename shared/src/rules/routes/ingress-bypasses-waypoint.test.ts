import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { ingressBypassesWaypoint } from './ingress-bypasses-waypoint.js'
import { COMPANION, policyText, SHOP, withServiceLabel } from '../support/examples.js'

const rule = ingressBypassesWaypoint.name

const POLICY = policyText(
  'allow-get',
  'targetRefs:\n- kind: Service\n  name: api\nrules:\n- to:\n  - operation:\n      methods: ["GET"]\n',
)
const gateway = (className: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: edge\nspec:\n  gatewayClassName: ${className}\n  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n`
const route = (kind = 'HTTPRoute', backend = 'name: api'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: r\n  namespace: shop\nspec:\n  parentRefs:\n  - {name: public, namespace: edge}\n  rules:\n  - backendRefs:\n    - ${backend}\n      port: 80\n`
const istioGateway = (selector = 'istio: ingressgateway'): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: edge\nspec:\n  selector:\n    ${selector}\n`
const virtualService = (gateways: string, host = 'api'): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: v\n  namespace: shop\nspec:\n  hosts: [shop.example]\n  gateways: [${gateways}]\n  http:\n  - route:\n    - destination:\n        host: ${host}\n`
const ingress = (spec: string, annotations = ''): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\n  namespace: shop\n${annotations}spec:\n${spec}  defaultBackend:\n    service:\n      name: api\n      port:\n        number: 80\n`
const EDGE = [gateway('istio'), route()]

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

const PAST =
  'warning: Gateway "edge/public" sends to Service "api" past waypoint "shop/waypoint": its policies do not apply.'
const THIS =
  'warning: This Ingress sends to Service "api" past waypoint "shop/waypoint": its policies do not apply.'

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
#           ^^^ ingress-bypasses-waypoint: Gateway "edge/public" sends to Service "api" past waypoint "shop/waypoint": its policies do not apply.
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
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^ ingress-bypasses-waypoint: Gateway "edge/public" sends to Service "api" past waypoint "shop/waypoint": its policies do not apply.
`,
      istioGateway(),
    ].join('---\n'),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('who routes', () => {
  const corp =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: corp\nspec:\n  controllerName: istio.io/gateway-controller\n'
  it.each<[string, readonly string[], readonly string[]]>([
    ['a Gateway of Istio', EDGE, [PAST]],
    ['a Gateway of Istio, by GRPC', [gateway('istio'), route('GRPCRoute')], [PAST]],
    ["a Gateway of a class of Istio's controller", [gateway('corp'), corp, route()], [PAST]],
    ['a Gateway of another class', [gateway('nginx'), route()], []],
    ['a Gateway whose proxy is not Envoy', [gateway('istio-agentgateway'), route()], []],
    ['a Gateway that is not here', [route()], []],
    [
      'a route of the mesh',
      [
        gateway('istio'),
        route().replace(
          '- {name: public, namespace: edge}',
          '- {kind: Service, group: "", name: api}',
        ),
      ],
      [],
    ],
    ["a Gateway of Istio's own API", [istioGateway(), virtualService('mesh, edge/public')], [PAST]],
    [
      'an egress gateway',
      [istioGateway('istio: egressgateway'), virtualService('edge/public')],
      [],
    ],
    ['a VirtualService of the mesh alone', [istioGateway(), virtualService('mesh')], []],
    ['an Ingress of Istio', [ingress('  ingressClassName: istio\n')], [THIS]],
    [
      'an Ingress of Istio, as older releases say it',
      [ingress('', '  annotations:\n    kubernetes.io/ingress.class: istio\n')],
      [THIS],
    ],
    ['an Ingress of something else', [ingress('  ingressClassName: nginx\n')], []],
    ['an Ingress of nobody knows what', [ingress('')], []],
  ])('%s', (_, documents, expected) => {
    expect(found([SHOP, POLICY, ...documents])).toEqual(expected)
  })
})

describe('what is routed to', () => {
  const service = (more: string): string =>
    SHOP.replace(
      'spec:\n  selector:\n    app: api\n  ports',
      `spec:\n  ${more}\n  selector:\n    app: api\n  ports`,
    )
  const onNamespace = (label: string): string =>
    SHOP.replace(
      '    istio.io/use-waypoint: waypoint\n',
      `    istio.io/use-waypoint: waypoint\n    ${label}\n`,
    )
  const LABEL = 'istio.io/ingress-use-waypoint: "true"'
  it.each<[string, readonly string[], readonly string[]]>([
    ['a Service behind a waypoint with a policy', [SHOP, POLICY], [PAST]],
    ['one that sends ingress traffic there', [withServiceLabel(SHOP, LABEL), POLICY], []],
    ['one whose Namespace does', [onNamespace(LABEL), POLICY], []],
    [
      'one that says no',
      [withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "false"'), POLICY],
      [],
    ],
    [
      'one of which another tool says it',
      [withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "${INGRESS}"'), POLICY],
      [],
    ],
    ['one whose waypoint has no policy', [SHOP], []],
    [
      "one whose waypoint's policy admits everybody",
      [SHOP, policyText('all', 'targetRefs:\n- kind: Service\n  name: api\nrules:\n- {}')],
      [],
    ],
    [
      'one whose policy is for the waypoint',
      [
        SHOP,
        POLICY.replace(
          'kind: Service\n    name: api',
          'kind: Gateway\n    group: gateway.networking.k8s.io\n    name: waypoint',
        ),
      ],
      [PAST],
    ],
    ['a headless one, which no waypoint serves', [service('clusterIP: None'), POLICY], []],
    ['an ExternalName', [service('type: ExternalName'), POLICY], []],
    [
      'one without a waypoint',
      [SHOP.replace('use-waypoint: waypoint', 'use-waypoint: none'), POLICY],
      [],
    ],
    [
      'one that is taken to be behind a waypoint',
      [SHOP.slice(SHOP.indexOf('---\n') + 4), POLICY],
      [],
    ],
    [
      'one behind a waypoint whose policies nobody can tell',
      [SHOP.replace('istio-waypoint', 'istio-agentgateway-waypoint'), POLICY],
      [],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found([...documents, ...EDGE])).toEqual(expected)
  })

  it('one that a kustomization may label', () => {
    const files: Files = {
      'a.yaml': [SHOP, POLICY, ...EDGE].join('---\n'),
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n',
    }
    expect(findingsOf(analyse(files)).filter((finding) => finding.rule === rule)).toEqual([])
  })
})

describe('what ztunnel does', () => {
  const allow = (account: string, more = ''): string =>
    policyText('edge', `${more}rules:\n- from:\n  - source:\n      serviceAccounts: [${account}]`)
  const CHOSEN = PAST.replace('warning', 'information')
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'denies whoever comes past the waypoint',
      [COMPANION, ...EDGE],
      [
        'warning: Gateway "edge/public" sends to Service "api" past waypoint "shop/waypoint", and ztunnel denies it.',
      ],
    ],
    [
      'admits the gateway, a chosen way',
      [COMPANION, allow('edge/public-istio'), ...EDGE],
      [CHOSEN],
    ],
    [
      'admits another gateway',
      [COMPANION, allow('edge/other-istio'), ...EDGE],
      [
        'warning: Gateway "edge/public" sends to Service "api" past waypoint "shop/waypoint", and ztunnel denies it.',
      ],
    ],
    [
      "admits the account of the gateway's pods",
      [
        COMPANION,
        allow('edge/doors'),
        istioGateway(),
        virtualService('edge/public'),
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: edge\n  labels:\n    istio: ingressgateway\nspec:\n  serviceAccountName: doors\n',
      ],
      [CHOSEN],
    ],
    [
      'admits what is called like a gateway, where no pod is here',
      [
        COMPANION,
        allow('istio-system/istio-ingressgateway-service-account'),
        istioGateway(),
        virtualService('edge/public'),
      ],
      [CHOSEN],
    ],
    [
      'admits a client, where no pod is here',
      [COMPANION, allow('dev/batch'), istioGateway(), virtualService('edge/public')],
      [PAST],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found([SHOP, POLICY, ...documents])).toEqual(expected)
  })
})

it('labels the Service', () => {
  const text = (labels: string): string =>
    [
      SHOP.replace(
        'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
        `kind: Service\nmetadata:\n  name: api # the API\n  namespace: shop\n${labels}`,
      ),
      POLICY,
      ...EDGE,
    ].join('---\n')
  expectFixed(
    text(''),
    { rule, title: 'Send ingress traffic of "api" through the waypoint' },
    text('  labels:\n    istio.io/ingress-use-waypoint: "true"\n'),
  )
})

it('labels nothing where istiod does not route so', () => {
  const settings = { flags: { ENABLE_INGRESS_WAYPOINT_ROUTING: false } }
  const [finding] = findingsOf(analyse([SHOP, POLICY, ...EDGE].join('---\n'), { settings })).filter(
    (candidate) => candidate.rule === rule,
  )
  expect(finding).toMatchObject({ fixes: [] })
})
