import { expect, it } from 'vitest'
import { Views } from '../testing/index.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: free, namespace: shop, labels: {istio.io/use-waypoint: none}}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: []}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop}
spec: {hosts: [ext.example.com], addresses: [10.1.1.1], ports: [{number: 80, name: http, protocol: HTTP}]}
`
const CLIENT = { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.9' }

/** A policy that denies everything, with one target. */
function policy(namespace: string, target: string): string {
  return `${MESH}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: ${namespace}}
spec: {targetRefs: [${target}], action: DENY, rules: [{}]}
`
}

const GATEWAY = 'group: gateway.networking.k8s.io, kind: Gateway'
const CLASS = 'group: gateway.networking.k8s.io, kind: GatewayClass'
const ENTRY = 'group: networking.istio.io, kind: ServiceEntry'
const SERVICE = 'group: "", kind: Service'

it.each<[string, string, string, boolean]>([
  ['a bound Service', 'shop', `{${SERVICE}, name: api}`, true],
  ['a Service of the core group', 'shop', '{group: core, kind: Service, name: api}', true],
  ['a Service without a waypoint', 'shop', `{${SERVICE}, name: free}`, false],
  ['a Service that does not exist', 'shop', `{${SERVICE}, name: gone}`, false],
  ['a bound ServiceEntry', 'shop', `{${ENTRY}, name: ext}`, true],
  ['a waypoint', 'shop', `{${GATEWAY}, name: waypoint}`, true],
  [
    'a waypoint with an empty namespace',
    'shop',
    `{${GATEWAY}, name: waypoint, namespace: ""}`,
    true,
  ],
  ['a Gateway that does not exist', 'shop', `{${GATEWAY}, name: gone}`, false],
  ['the class of all waypoints', 'istio-system', `{${CLASS}, name: istio-waypoint}`, true],
  ['the class from another namespace', 'shop', `{${CLASS}, name: istio-waypoint}`, false],
  ['the class of ingress gateways', 'istio-system', `{${CLASS}, name: istio}`, false],
])('hover, evaluate, status and check agree on %s', (_, namespace, target, isEnforced) => {
  const views = new Views(policy(namespace, target))
  const explanation = views.explain('AuthorizationPolicy', namespace, 'deny')
  if (explanation.kind !== 'AuthorizationPolicy') throw new Error(explanation.kind)
  const to = target.includes('ServiceEntry')
    ? { host: 'ext.example.com', port: 80 }
    : { service: target.includes('free') ? 'shop/free' : 'shop/api', port: 80 }
  expect({
    explain: explanation.targets.map(({ enforcedBy }) => enforcedBy),
    evaluate: views.evaluate({ from: CLIENT, to, http: { method: 'GET' } }).verdict,
    status: views.status('deny')?.status,
    check: views.findings('deny').some(({ level }) => level === 'error'),
  }).toEqual({
    explain: [isEnforced ? 'waypoint' : 'nobody'],
    evaluate: isEnforced ? 'deny' : 'allow',
    status: isEnforced ? 'True' : 'False',
    check: !isEnforced,
  })
})

it.each<[string, string]>([
  ['a Service of another group', '{group: apps, kind: Service, name: api}'],
  ['a ServiceEntry of no group', '{group: "", kind: ServiceEntry, name: ext}'],
  ['a waypoint of another namespace', `{${GATEWAY}, name: waypoint, namespace: far}`],
])('hover, evaluate, status and check agree that the API server rejects %s', (_, target) => {
  const views = new Views(policy('shop', target))
  const answer = views.evaluate({ from: CLIENT, to: { service: 'shop/api', port: 80 } })
  expect({
    explain: views.explain('AuthorizationPolicy', 'shop', 'deny').summary,
    evaluate: answer.verdict,
    assumptions: answer.assumptions,
    status: views.status('deny'),
    check: views.findings('deny').some(({ level }) => level === 'error'),
  }).toEqual({
    explain: 'rejected by the API server: not in the cluster',
    evaluate: 'allow',
    assumptions: expect.arrayContaining([
      'the AuthorizationPolicy shop/deny is rejected by the API server, and no earlier version of it is in the cluster',
    ]) as unknown,
    status: undefined,
    check: true,
  })
})

it('a policy for the Service of a waypoint is not enforced: that Service has no waypoint', () => {
  const views = new Views(policy('shop', `{${SERVICE}, name: waypoint}`))
  const explanation = views.explain('AuthorizationPolicy', 'shop', 'deny')
  expect(explanation).toMatchObject({ targets: [{ enforcedBy: 'nobody' }] })
  expect(views.status('deny')).toMatchObject({
    status: 'False',
    reason: 'AncestorNotBound',
    message: 'Service shop/waypoint is not bound to a waypoint',
  })
  expect(views.findings('deny')).toEqual([])
})

it('a policy for the Service of an ingress gateway is enforced at the waypoint of the namespace', () => {
  const ingress = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
`
  const views = new Views(policy('shop', `{${SERVICE}, name: edge-istio}`) + ingress)
  expect(views.explain('AuthorizationPolicy', 'shop', 'deny')).toMatchObject({
    targets: [{ enforcedBy: 'waypoint', enforcer: 'shop/waypoint' }],
  })
  expect(views.status('deny')).toMatchObject({ status: 'True', message: 'bound to shop/waypoint' })
})

it('the target Gateway is unknown where another tool may add it', () => {
  const release = `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: waypoints, namespace: shop}
spec: {}
`
  const views = new Views(policy('shop', `{${GATEWAY}, name: gone}`) + release)
  expect(views.explain('AuthorizationPolicy', 'shop', 'deny')).toMatchObject({
    targets: [{ enforcedBy: 'unknown' }],
  })
  expect(views.findings('deny').map(({ rule }) => rule)).not.toContain('target-not-found')
})
