import { expect, it } from 'vitest'
import { predictedStatus } from '../status/predictStatus.js'
import { analyse } from '../testing/index.js'
import { evaluateRequest } from './evaluateRequest.js'

function mesh(weight: string, canary = 'canary') {
  return analyse(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
    istio.io/use-waypoint-canary: ${canary}
  annotations: {istio.io/use-waypoint-canary-weight: "${weight}"}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: canary, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: only-from-waypoint, namespace: shop}
spec: {rules: [{from: [{source: {serviceAccounts: [waypoint]}}]}]}
`,
    { world: 'closed' },
  ).mesh
}

const request = {
  from: { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.1' },
  to: { service: 'shop/api', port: 80 },
  http: { method: 'GET' },
}

it('a request is undecided if waypoint and canary differ and the weight is neither 0 nor 100', () => {
  expect(evaluateRequest(mesh('20'), request)).toMatchObject({
    verdict: 'undecided',
    hops: [
      { name: 'shop/waypoint' },
      { verdict: 'allow' },
      { name: 'shop/canary' },
      { verdict: 'deny' },
    ],
  })
  expect(evaluateRequest(mesh('0'), request).verdict).toBe('allow')
  expect(evaluateRequest(mesh('100'), request).verdict).toBe('deny')
})

it('the waypoint is used, and the status says so, if the canary cannot be used', () => {
  const condition = (weight: string, canary?: string) =>
    mesh(weight, canary)
      .get(predictedStatus, '')
      .find(({ resource }) => resource.type === 'Service')
  expect(condition('20')).toMatchObject({ status: 'True', reason: 'WaypointAccepted' })
  const unusable = (message: string) => ({
    status: 'True',
    reason: 'WaypointAccepted',
    message: `Successfully attached to waypoint shop/waypoint. Canary waypoint not attached: ${message}`,
  })
  expect(condition('101')).toMatchObject(
    unusable('canary waypoint "shop/canary" has an invalid weight; must be an integer in [0,100]'),
  )
  expect(condition('20', 'waypoint')).toMatchObject(
    unusable('canary waypoint "shop/waypoint" must differ from the primary waypoint'),
  )
  expect(condition('20', 'gone')).toMatchObject(unusable('waypoint "shop/gone" is not ready'))
  expect(evaluateRequest(mesh('101'), request).verdict).toBe('allow')
})
