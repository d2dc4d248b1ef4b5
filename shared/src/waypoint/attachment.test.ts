import { expect, it } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from '../testing/index.js'
import {
  namesOtherNamespace,
  resolveTarget,
  serviceOf,
  waypointOfTarget,
  type Target,
} from './attachment.js'

const GATEWAY_API = 'gateway.networking.k8s.io'
const FILES = `
apiVersion: ${GATEWAY_API}/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: x, port: 80, protocol: HTTP}]}
---
apiVersion: ${GATEWAY_API}/v1
kind: Gateway
metadata: {name: edge, namespace: shop, annotations: {gateway.istio.io/name-override: front}}
spec: {gatewayClassName: istio, listeners: [{name: x, port: 80, protocol: HTTP}]}
---
apiVersion: ${GATEWAY_API}/v1
kind: GatewayClass
metadata: {name: corp}
spec: {controllerName: istio.io/mesh-controller}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop}
spec: {hosts: [ext.example.com]}
`

interface Ref {
  readonly group?: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

function resolved(namespace: string, ref: Ref, settings: MeshSettings = {}): Target {
  const { mesh } = analyse(FILES, { settings })
  return resolveTarget(mesh, { namespace }, { group: '', namespace: undefined, path: [], ...ref })
}

const inWords = (target: Target): string => {
  switch (target.kind) {
    case 'none':
      return target.reason
    case 'GatewayClass':
      return `${target.controller}${target.isEnforced ? ', enforced' : ''}`
    case 'Gateway':
      return `Gateway ${target.gateway.name}`
    case 'generated Service':
      return `Service of ${target.gateway?.name ?? 'the API server'}`
    default:
      return `${target.kind} ${serviceOf(target)?.name ?? ''}`
  }
}

it.each<[Ref, string, string?]>([
  [{ kind: 'Service', name: 'api' }, 'Service api'],
  [{ kind: 'Service', name: 'gone' }, 'not found'],
  [{ kind: 'Service', name: 'api' }, 'not found', 'web'],
  [{ kind: 'Service', name: 'waypoint' }, 'Service of waypoint'],
  [{ kind: 'Service', name: 'front' }, 'Service of edge'],
  [{ kind: 'Service', name: 'edge-istio' }, 'not found'],
  [{ kind: 'Service', name: 'kubernetes' }, 'Service of the API server', 'default'],
  [{ kind: 'Service', name: 'kubernetes' }, 'not found'],
  [{ kind: 'Service', name: 'other' }, 'not found', 'default'],
  [{ group: 'apps', kind: 'Service', name: 'api' }, 'unsupported kind'],
  [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'ext' }, 'ServiceEntry ext'],
  [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'waypoint' }, 'not found'],
  [{ group: GATEWAY_API, kind: 'Gateway', name: 'waypoint' }, 'Gateway waypoint'],
  [
    { group: GATEWAY_API, kind: 'Gateway', name: 'waypoint', namespace: 'shop' },
    'Gateway waypoint',
  ],
  [{ group: GATEWAY_API, kind: 'Gateway', name: 'waypoint', namespace: 'web' }, 'other namespace'],
  [{ group: GATEWAY_API, kind: 'Gateway', name: 'gone' }, 'not found'],
  [{ group: 'networking.istio.io', kind: 'Gateway', name: 'waypoint' }, 'unsupported kind'],
  [{ group: GATEWAY_API, kind: 'HTTPRoute', name: 'api' }, 'unsupported kind'],
  [
    { group: GATEWAY_API, kind: 'GatewayClass', name: 'istio-waypoint' },
    'istio.io/mesh-controller, enforced',
    'istio-system',
  ],
  [
    { group: GATEWAY_API, kind: 'GatewayClass', name: 'corp' },
    'istio.io/mesh-controller',
    'istio-system',
  ],
  [
    { group: GATEWAY_API, kind: 'GatewayClass', name: 'istio' },
    'istio.io/gateway-controller',
    'istio-system',
  ],
  [{ group: GATEWAY_API, kind: 'GatewayClass', name: 'gone' }, 'not found', 'istio-system'],
  [{ group: GATEWAY_API, kind: 'GatewayClass', name: 'istio-waypoint' }, 'outside root namespace'],
])('the targetRef %j leads to: %s', (ref, expected, namespace = 'shop') => {
  expect(inWords(resolved(namespace, ref))).toBe(expected)
})

it('a GatewayClass is no target before Istio 1.25', () => {
  const ref = { group: GATEWAY_API, kind: 'GatewayClass', name: 'istio-waypoint' }
  expect(inWords(resolved('istio-system', ref, { istioVersion: '1.24' }))).toBe(
    'unsupported by release',
  )
})

it('gives the Service of an ingress gateway the waypoint of its namespace, and a waypoint none', () => {
  const shop = `---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/use-waypoint: waypoint}}
`
  const eastWest = `---
apiVersion: ${GATEWAY_API}/v1
kind: Gateway
metadata: {name: east, namespace: shop}
spec: {gatewayClassName: istio-east-west, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`
  const { mesh } = analyse(FILES + shop + eastWest, { world: 'closed' })
  const status = (name: string, namespace = 'shop'): string => {
    const ref = { group: '', kind: 'Service', name, namespace: undefined, path: [] }
    const target = resolveTarget(mesh, { namespace }, ref)
    if (target.kind !== 'Service' && target.kind !== 'generated Service') return target.kind
    return waypointOfTarget(mesh, namespace, target).status
  }
  expect(['front', 'api', 'waypoint', 'east'].map((name) => status(name))).toEqual([
    'bound',
    'bound',
    'none',
    'none',
  ])
  expect(status('kubernetes', 'default')).toBe('none')
})

it('knows which references leave the namespace of the policy', () => {
  const names = (namespace: string | undefined): boolean =>
    namesOtherNamespace(
      { namespace: 'shop' },
      { group: '', kind: 'Service', name: 'a', namespace, path: [] },
    )
  expect([names(undefined), names('shop'), names('web')]).toEqual([false, false, true])
})
