import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { policiesAtZtunnel, policyKeysOf, sentPolicies } from '../ztunnel/enforcement.js'
import { analyse } from './checkFiles.js'

export type Plain = Readonly<Record<string, unknown>>

const API_VERSIONS: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
}
/** An object as JSON; `at` is `namespace/name`, or a name. */
export const object = (
  kind: string,
  at: string,
  spec: Plain = {},
  metadata: Plain = {},
): string => {
  const [namespace = '', name] = at.includes('/') ? at.split('/') : [undefined, at]
  return JSON.stringify({
    apiVersion: API_VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
    spec,
  })
}
export const labels = (given: Plain): Plain => ({ labels: given })
/** A namespace in ambient mode. */
export const namespace = (name: string, given: Plain = {}): string =>
  object('Namespace', name, {}, labels({ 'istio.io/dataplane-mode': 'ambient', ...given }))
export const pod = (at: string, given: Plain = { app: 'api' }): string =>
  object('Pod', at, { serviceAccountName: 'api' }, labels(given))
export const gateway = (
  at: string,
  { className = 'istio-waypoint', given = {} }: { className?: string; given?: Plain } = {},
): string =>
  object(
    'Gateway',
    at,
    {
      gatewayClassName: className,
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          allowedRoutes: { namespaces: { from: 'All' } },
        },
      ],
    },
    labels(given),
  )
/** The labels that name a waypoint. */
export const use = (name: string, where?: string): Plain => ({
  'istio.io/use-waypoint': name,
  ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
})
export const service = (at: string, given: Plain, spec: Plain = {}): string =>
  object('Service', at, { selector: { app: 'api' }, ports: [{ port: 80 }], ...spec }, labels(given))
export const policy = (at: string, spec: Plain, metadata: Plain = {}): string =>
  object('AuthorizationPolicy', at, spec, metadata)
export const peer = (at: string, spec: Plain): string => object('PeerAuthentication', at, spec)
export const selector = (given: Plain): Plain => ({ selector: { matchLabels: given } })

export const meshOf = (objects: readonly string[], settings: MeshSettings = {}): Mesh =>
  analyse(objects.join('\n---\n'), { world: 'closed', settings }).mesh
/** The first workload of the namespace `shop`. */
export const first = (mesh: Mesh): Workload => mesh.workloadsAt(keys.workloads('shop'))[0]!
/**
 * The policies that ztunnel enforces for that workload; `(generated)` marks those that istiod
 * generates.
 */
export const namesAtZtunnel = (
  objects: readonly string[],
  settings: MeshSettings = {},
): string[] => {
  const mesh = meshOf(objects, settings)
  return mesh
    .get(policiesAtZtunnel, first(mesh))
    .map(
      ({ authorization: { namespace: where, name }, policy: source }) =>
        `${where}/${name}${source ? '' : ' (generated)'}`,
    )
}
/** The policy keys of that workload. */
export const keysOf = (
  objects: readonly string[],
  settings: MeshSettings = {},
): readonly string[] => {
  const mesh = meshOf(objects, settings)
  return mesh.get(policyKeysOf, first(mesh))
}
/** The policies that istiod sends to every ztunnel. */
export const sent = (objects: readonly string[], settings: MeshSettings = {}): string[] =>
  meshOf(objects, settings)
    .get(sentPolicies, '')
    .map(({ namespace: where, name }) => `${where}/${name}`)
