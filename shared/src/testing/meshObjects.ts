import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import type { ResourceOf, ResourceType } from '../resources/resource.js'
import { analyse, type AnalyseOptions } from './checkFiles.js'

// Objects as JSON, for tests of the facts of a mesh.

export type Plain = Readonly<Record<string, unknown>>

const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
  Deployment: 'apps/v1',
  IstioOperator: 'install.istio.io/v1alpha1',
}
/** `kind` with `namespace/name`, or a name alone for what has no namespace. */
export const object = (
  kind: string,
  at: string,
  spec: Plain = {},
  metadata: Plain = {},
  apiVersion = API[kind] ?? 'v1',
): string => {
  const [namespace, name] = at.includes('/') ? at.split('/') : [undefined, at]
  return JSON.stringify({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    spec,
  })
}
export const labels = (given: Plain): Plain => ({ labels: given })
export const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
export const namespace = (name: string, given: Plain = AMBIENT, annotations: Plain = {}): string =>
  object('Namespace', name, {}, { labels: given, annotations })
export const pod = (at: string, given: Plain = { app: 'api' }, spec: Plain = {}): string =>
  object('Pod', at, spec, labels(given))
export const HBONE = { name: 'mesh', port: 15008, protocol: 'HBONE' }
export const gateway = (at: string, metadata: Plain = {}, spec: Plain = {}): string =>
  object(
    'Gateway',
    at,
    { gatewayClassName: 'istio-waypoint', listeners: [HBONE], ...spec },
    metadata,
  )
export const service = (
  at: string,
  given: Plain = {},
  spec: Plain = { selector: { app: 'api' } },
  annotations: Plain = {},
): string => object('Service', at, spec, { labels: given, annotations })
export const policy = (at: string, spec: Plain = {}): string =>
  object('AuthorizationPolicy', at, spec)
export const selector = (given: Plain): Plain => ({ selector: { matchLabels: given } })
/** An install whose istiod sees only namespaces with the label `seen: yes`. */
export const UNSEEN = object('Istio', 'default', {
  values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
})

export const meshOf = (
  objects: readonly string[],
  options: AnalyseOptions = { world: 'closed' },
): Mesh => analyse(objects.join('\n---\n'), options).mesh
export const OPEN: AnalyseOptions = { world: 'open' }
export function the<T extends ResourceType>(mesh: Mesh, type: T): ResourceOf<T> {
  return mesh.all(type)[0]!
}
export const workload = (mesh: Mesh, name: string): Workload =>
  mesh.workloadsAt(keys.allWorkloads()).find((candidate) => candidate.name === name)!
export const names = (
  found: readonly { readonly namespace: string; readonly name: string }[],
): string[] => found.map((item) => `${item.namespace}/${item.name}`).sort()
