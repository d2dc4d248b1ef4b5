import { describe, expect, it } from 'vitest'
import { analyse, findingsOf, replaceIn } from '../../testing/index.js'
import { ALLOW_GET, GET } from '../../testing/waypointPolicies.js'
import {
  COMPANION,
  policyText,
  SHOP,
  STRICT,
  WEB_SERVICE,
  withServiceLabel,
} from '../support/examples.js'
import { waypointBypass } from './waypoint-bypass.js'

const findings = (...documents: readonly string[]) =>
  findingsOf(analyse(documents.join('---\n'))).filter(({ rule }) => rule === waypointBypass.name)
const found = (...documents: readonly string[]): string[] =>
  findings(...documents).map(({ message }) => message)
const related = (...documents: readonly string[]): string[] =>
  findings(...documents).flatMap((finding) => finding.related.map(({ message }) => message))

const WITHOUT = 'reach workload "api" without waypoint "shop/waypoint".'
const BY_POD_IP = `This policy can be bypassed: clients of pod IPs and plaintext clients ${WITHOUT}`
const through = (clients: string): string => `This policy can be bypassed: ${clients} ${WITHOUT}`

const SECOND = (labels: string, ports = '[{ name: http, port: 81, targetPort: 8080 }]'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: api-admin, namespace: shop, labels: { ${labels} } }\nspec: { selector: { app: api }, ports: ${ports} }\n`
const gateway = (className: string, from = 'All'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: door, namespace: edge }\nspec: { gatewayClassName: ${className}, listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: ${from} } } }] }\n`
const route = (backend = 'name: api, port: 80', parent = 'name: door, namespace: edge'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: public, namespace: shop }\nspec: { parentRefs: [{ ${parent} }], rules: [{ backendRefs: [{ ${backend} }] }] }\n`
const ingress = (className: string, port = 'number: 80'): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: public, namespace: shop }\nspec: { ingressClassName: ${className}, defaultBackend: { service: { name: api, port: { ${port} } } } }\n`
const EDGE_IN_AMBIENT =
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: edge, labels: { istio.io/dataplane-mode: ambient } }\n'

describe('another Service over the same pods', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'without a waypoint is named',
      [SECOND('istio.io/use-waypoint: none')],
      [through('clients of Service "api-admin"')],
    ],
    ['that uses the waypoint is not named', [SECOND('a: b')], [BY_POD_IP]],
    [
      'that reaches another port is not named',
      [SECOND('istio.io/use-waypoint: none', '[{ port: 81, targetPort: 9090 }]')],
      [BY_POD_IP],
    ],
    ['is no way with a companion policy', [SECOND('istio.io/use-waypoint: none'), COMPANION], []],
  ])('%s', (_, more, expected) => {
    expect(found(SHOP, ALLOW_GET, ...more)).toEqual(expected)
  })

  it('is a related place', () => {
    expect(related(SHOP, ALLOW_GET, SECOND('istio.io/use-waypoint: none'))).toContain(
      'Service "api-admin" selects the same pods and has no waypoint.',
    )
  })
})

describe('a gateway that is not of Istio', () => {
  const NAMED = [through('clients of Gateway "edge/door"')]

  it.each<[string, readonly string[], readonly string[]]>([
    ['is named', [gateway('envoy-gateway'), route()], NAMED],
    [
      'is named also with the label for ingress gateways of Istio',
      [gateway('cilium'), route()],
      NAMED,
    ],
    [
      'in ambient mode is named also under STRICT',
      [gateway('envoy-gateway'), route(), EDGE_IN_AMBIENT, STRICT],
      NAMED,
    ],
    [
      'outside the mesh is denied under STRICT',
      [gateway('envoy-gateway'), route(), STRICT],
      [replaceIn(BY_POD_IP, [' and plaintext clients', ''])],
    ],
    [
      'with a route to another Service is not named',
      [gateway('envoy-gateway'), route('name: web, port: 80'), WEB_SERVICE],
      [BY_POD_IP],
    ],
    [
      'with a route to another port is not named',
      [gateway('envoy-gateway'), route('name: api, port: 81')],
      [BY_POD_IP],
    ],
    [
      'that allows no route of the namespace is not named',
      [gateway('envoy-gateway', 'Same'), route()],
      [BY_POD_IP],
    ],
    [
      'whose listener is not in the route is not named',
      [
        gateway('envoy-gateway'),
        route('name: api, port: 80', 'name: door, namespace: edge, sectionName: https'),
      ],
      [BY_POD_IP],
    ],
    [
      'whose listener has another protocol is not named',
      [replaceIn(gateway('envoy-gateway'), ['protocol: HTTP', 'protocol: TLS']), route()],
      [BY_POD_IP],
    ],
    ['that the files do not have is not named', [route()], [BY_POD_IP]],
    [
      'of Istio is the subject of another rule',
      [gateway('istio'), route()],
      [
        'This policy can be bypassed: clients of pod IPs, ingress gateways and plaintext clients reach workload "api" directly.',
      ],
    ],
    [
      'that is an Ingress controller is named',
      [ingress('nginx')],
      [through('clients of Ingress "public"')],
    ],
    [
      'that is an Ingress controller is named by the name of a port',
      [ingress('nginx', 'name: http')],
      [through('clients of Ingress "public"')],
    ],
    [
      'that is an Ingress controller is not named for another port',
      [ingress('nginx', 'number: 81')],
      [BY_POD_IP],
    ],
  ])('%s', (_, more, expected) => {
    const label = withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "true"')
    const mesh = more.some((text) => text.includes('cilium')) ? label : SHOP
    expect(found(mesh, ALLOW_GET, ...more)).toEqual(expected)
  })
})

describe('a policy for the class of all waypoints', () => {
  const forClass = policyText(
    'all',
    `targetRefs:\n- { kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint }\n${GET}`,
    'istio-system',
  )

  it('is reported like one for the waypoint', () => {
    expect(found(SHOP, forClass)).toEqual([BY_POD_IP])
    expect(found(SHOP, forClass, COMPANION)).toEqual([])
  })

  it('names the workloads of several waypoints', () => {
    const vault = replaceIn(
      SHOP,
      [/\bshop\b/g, 'vault'],
      [
        'name: api\n  namespace: vault\nspec:\n  selector:\n    matchLabels',
        'name: store\n  namespace: vault\nspec:\n  selector:\n    matchLabels',
      ],
    )
    expect(found(SHOP, vault, forClass)).toEqual([
      'This policy can be bypassed: clients of pod IPs and plaintext clients reach workloads "api" and "store" without their waypoints.',
    ])
  })
})
