import { expect } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { predictedStatus } from '../status/predictStatus.js'
import { analyse } from './index.js'

export type Plain = Readonly<Record<string, unknown>>

export const RELEASES = [
  '1.24',
  '1.25',
  '1.26',
  '1.27',
  '1.28',
  '1.29',
  '1.30',
  '1.31',
  '1.32',
] as const
export const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
}
export const object = (
  kind: string,
  name: string,
  spec: Plain = {},
  metadata: Plain = {},
): string =>
  JSON.stringify({
    apiVersion: API[kind] ?? 'v1',
    kind,
    metadata: {
      name,
      ...(kind === 'Namespace' || kind === 'GatewayClass' ? {} : { namespace: 'shop' }),
      ...metadata,
    },
    spec,
  })
export const shop = object(
  'Namespace',
  'shop',
  {},
  { labels: { 'istio.io/dataplane-mode': 'ambient' } },
)
export const gateway = (
  name: string,
  metadata: Plain = {},
  listeners: Plain[] = [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
): string => object('Gateway', name, { gatewayClassName: 'istio-waypoint', listeners }, metadata)
export const service = (labels: Plain, annotations: Plain = {}): string =>
  object('Service', 'api', { ports: [{ port: 80 }] }, { labels, annotations })
export const policy = (spec: Plain, metadata: Plain = {}): string =>
  object('AuthorizationPolicy', 'p', spec, metadata)
export const http = { to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }
export const httpOnly = {
  to: [{ operation: { methods: ['GET'], hosts: ['a'] } }],
  when: [{ key: 'request.headers[x]', values: ['a'] }],
}

export function conditions(objects: readonly string[], settings: MeshSettings = {}): string[] {
  const { mesh } = analyse([shop, ...objects].join('\n---\n'), { world: 'closed', settings })
  return mesh
    .get(predictedStatus, '')
    .map(
      ({ resource, type, status, reason, message }) =>
        `${resource.type} ${type} ${status} ${reason}: ${message}`,
    )
}
export const since = (
  release: string,
  of: (settings: MeshSettings) => unknown,
  before: unknown,
  after: unknown,
): void => {
  for (const istioVersion of RELEASES)
    expect(of({ istioVersion }), istioVersion).toEqual(
      Number(istioVersion.slice(2)) >= Number(release.slice(2)) ? after : before,
    )
}
