import { expect, it } from 'vitest'
import { Views } from '../testing/index.js'

const gateway = (name: string): string => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: at-${name}, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: ${name}}]
  rules: [{}]
`
const mesh = (weight: string): Views =>
  new Views(`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
  labels: {istio.io/use-waypoint: waypoint, istio.io/use-waypoint-canary: canary}
  annotations: {istio.io/use-waypoint-canary-weight: "${weight}"}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: []}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: at-pods, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, rules: [{}]}
${gateway('waypoint')}${gateway('canary')}`)

it.each<[string, string[], string[]]>([
  ['0', ['waypoint'], ['shop/at-waypoint']],
  ['10', ['canary', 'waypoint'], ['shop/at-canary', 'shop/at-waypoint']],
  ['100', ['canary'], ['shop/at-canary']],
])(
  'with the canary weight %s the pods see the waypoints %j and the Service has their policies',
  (weight, seen, policies) => {
    const views = mesh(weight)
    const policy = views.explain('AuthorizationPolicy', 'shop', 'at-pods')
    const service = views.explain('Service', 'shop', 'api')
    if (!('targets' in policy) || !('policies' in service))
      throw new Error('The explanations have another type.')
    expect(policy.targets.map(({ sourceIdentity }) => sourceIdentity).sort()).toEqual(
      seen.map((account) => `cluster.local/ns/shop/sa/${account}`),
    )
    expect(
      service.policies
        .filter(({ enforcedBy }) => enforcedBy === 'waypoint')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(policies)
    expect(service.facts.filter((fact) => fact.includes('canary'))).toEqual(
      weight === '0'
        ? []
        : [`${weight} % of the connections take the canary waypoint shop/canary.`],
    )
  },
)
