import { expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf, replaceIn } from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { targetNotAWaypoint } from './target-not-a-waypoint.js'

const rule = targetNotAWaypoint.name
const gateway = (
  className = 'istio',
  listener = '{name: http, port: 80, protocol: HTTP}',
): string =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  gatewayClassName: ${className}
  listeners: [${listener}]
`
const POLICY = policyText(
  'p',
  'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: public\nrules:\n- {}',
)
const route = (parent: string, namespace = 'shop', kind = 'HTTPRoute'): string =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata:
  name: web
  namespace: ${namespace}
spec:
  parentRefs:
  - ${parent}
`
const gatewayClass = (controller: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp
spec:
  controllerName: ${controller}
`

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const ONLY_THERE =
  'information: This policy is enforced only at ingress gateway "public", not for traffic inside the mesh.'

it('marks the name of an ingress gateway without routes', () => {
  const { found: marked, expected } = compareMarked(`${gateway()}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: Gateway
    group: gateway.networking.k8s.io
    name: public
#         ^^^^^^ target-not-a-waypoint: This policy is enforced only at ingress gateway "public", not for traffic inside the mesh.
  rules:
  - {}
`)
  expect(marked).toEqual(expected)
})

it.each<[string, readonly string[], readonly string[]]>([
  [
    'a gateway beside a route of another gateway',
    [gateway(), POLICY, route('name: other')],
    [ONLY_THERE],
  ],
  ['no gateway with a route', [gateway(), POLICY, route('name: public')], []],
  [
    'no gateway with a GRPCRoute in another namespace',
    [gateway(), POLICY, route('{name: public, namespace: shop}', 'web', 'GRPCRoute')],
    [],
  ],
  [
    'a gateway beside a route of the gateway with its name in another namespace',
    [gateway(), POLICY, route('name: public', 'web')],
    [ONLY_THERE],
  ],
  [
    'no gateway beside a route without a namespace',
    [gateway(), POLICY, replaceIn(route('name: public', 'web'), ['  namespace: web\n', ''])],
    [],
  ],
  [
    'a gateway beside a route of a Service with its name',
    [gateway(), POLICY, route('{name: public, kind: Service, group: ""}')],
    [ONLY_THERE],
  ],
  [
    'no gateway beside a route whose parent another tool fills in',
    [gateway(), POLICY, route('name: "${GATEWAY}"')],
    [],
  ],
  [
    'no gateway beside a template of a route',
    [
      gateway(),
      POLICY,
      `{{- if .Values.route }}
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata:
  name: x
{{- end }}
`,
    ],
    [],
  ],
  [
    'no gateway with a listener for routes that are not read',
    [gateway('istio', '{name: db, port: 5432, protocol: TCP}'), POLICY],
    [],
  ],
  ['no waypoint', [gateway('istio-waypoint'), POLICY], []],
  ['no agentgateway', [gateway('istio-agentgateway'), POLICY], []],
  ['no gateway of a class that is not from Istio', [gateway('nginx'), POLICY], []],
  [
    "a gateway of a class with Istio's ingress controller",
    [gateway('corp'), POLICY, gatewayClass('istio.io/gateway-controller')],
    [ONLY_THERE],
  ],
  [
    "no gateway of a class with Istio's waypoint controller",
    [gateway('corp'), POLICY, gatewayClass('istio.io/mesh-controller')],
    [],
  ],
  ['no gateway that is not in the files', [POLICY], []],
])('reports %s as target', (_, documents, expected) => {
  expect(found(...documents)).toEqual(expected)
})
