import { expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf } from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { targetNotAWaypoint } from './target-not-a-waypoint.js'

const rule = targetNotAWaypoint.name
const gateway = (
  className = 'istio',
  listener = '{name: http, port: 80, protocol: HTTP}',
): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: shop\nspec:\n  gatewayClassName: ${className}\n  listeners: [${listener}]\n`
const POLICY = policyText(
  'p',
  'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: public\nrules:\n- {}',
)
const route = (parent: string, namespace = 'shop', kind = 'HTTPRoute'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: web\n  namespace: ${namespace}\nspec:\n  parentRefs:\n  - ${parent}\n`
const gatewayClass = (controller: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: corp\nspec:\n  controllerName: ${controller}\n`

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const ONLY_THERE =
  'information: Gateway "public" is an ingress gateway: this policy is enforced at that gateway only, not inside the mesh.'

it('marks the name', () => {
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
#         ^^^^^^ target-not-a-waypoint: Gateway "public" is an ingress gateway: this policy is enforced at that gateway only, not inside the mesh.
  rules:
  - {}
`)
  expect(marked).toEqual(expected)
})

it.each<[string, readonly string[], readonly string[]]>([
  [
    'a gateway with a route of another gateway',
    [gateway(), POLICY, route('name: other')],
    [ONLY_THERE],
  ],
  ['a gateway with a route', [gateway(), POLICY, route('name: public')], []],
  [
    'a gateway with a gRPC route of another namespace',
    [gateway(), POLICY, route('{name: public, namespace: shop}', 'web', 'GRPCRoute')],
    [],
  ],
  [
    'a route to a gateway of the name elsewhere',
    [gateway(), POLICY, route('name: public', 'web')],
    [ONLY_THERE],
  ],
  [
    'a route whose namespace nobody names',
    [gateway(), POLICY, route('name: public', 'web').replace('  namespace: web\n', '')],
    [],
  ],
  [
    'a route to a Service of the name',
    [gateway(), POLICY, route('{name: public, kind: Service, group: ""}')],
    [ONLY_THERE],
  ],
  ['a route that another tool fills in', [gateway(), POLICY, route('name: "${GATEWAY}"')], []],
  [
    'a template of a route',
    [
      gateway(),
      POLICY,
      '{{- if .Values.route }}\napiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata:\n  name: x\n{{- end }}\n',
    ],
    [],
  ],
  [
    'a listener for routes that are not read',
    [gateway('istio', '{name: db, port: 5432, protocol: TCP}'), POLICY],
    [],
  ],
  ['a waypoint', [gateway('istio-waypoint'), POLICY], []],
  ['an agentgateway', [gateway('istio-agentgateway'), POLICY], []],
  ['a class of somebody else', [gateway('nginx'), POLICY], []],
  [
    'a class of Istio with another name',
    [gateway('corp'), POLICY, gatewayClass('istio.io/gateway-controller')],
    [ONLY_THERE],
  ],
  [
    'a class of waypoints with another name',
    [gateway('corp'), POLICY, gatewayClass('istio.io/mesh-controller')],
    [],
  ],
  ['a gateway that the files do not show', [POLICY], []],
])('%s', (_, documents, expected) => {
  expect(found(...documents)).toEqual(expected)
})
