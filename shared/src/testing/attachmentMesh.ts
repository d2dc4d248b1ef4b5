import * as builders from './objectText.js'

export type Plain = Readonly<Record<string, unknown>>

export const object = (
  kind: string,
  at: string,
  spec: Plain = {},
  labels: builders.Labels = {},
): string => builders.object(kind, at, { spec, labels })
export const GATEWAY = 'gateway.networking.k8s.io'
export const ref = (group: string, kind: string, name: string, namespace?: string): Plain => ({
  targetRefs: [{ group, kind, name, ...(namespace === undefined ? {} : { namespace }) }],
})
/** A mesh with a waypoint in another namespace, for tests of what a policy is attached to. */
export const LISTENERS = [{ name: 'mesh', port: 15008, protocol: 'HBONE' }]
export const MESH = [
  object(
    'Gateway',
    'infra/edge',
    { gatewayClassName: 'istio-waypoint', listeners: LISTENERS },
    { tier: 'x' },
  ),
  object('Gateway', 'infra/other', { gatewayClassName: 'istio-waypoint', listeners: LISTENERS }),
  object('Gateway', 'shop/edge', { gatewayClassName: 'istio-waypoint', listeners: LISTENERS }),
  object('GatewayClass', 'mine', { controllerName: 'istio.io/mesh-controller' }),
  object('Service', 'shop/api', { ports: [] }),
  object('Service', 'shop/web', { ports: [] }),
  object('Service', 'infra/api', { ports: [] }),
  object('ServiceEntry', 'shop/api', { hosts: ['a.b'] }),
  object('Pod', 'shop/api', {}, { app: 'api' }),
]
