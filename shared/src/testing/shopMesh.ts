import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessAnswer, AccessRequest } from '../access/request.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from './checkFiles.js'

/** Part of an object, as plain data. */
export type Plain = Readonly<Record<string, unknown>>

const API_VERSIONS: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  TCPRoute: 'gateway.networking.k8s.io/v1alpha2',
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
}

/** An object as JSON, which is YAML too. `rest` are the fields beside `metadata`. */
export function object(
  kind: string,
  name: string,
  namespace: string | undefined,
  rest: Plain = {},
  metadata: Plain = {},
): string {
  return JSON.stringify({
    apiVersion: API_VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    ...rest,
  })
}

export const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
export const NOT_AMBIENT = { 'istio.io/dataplane-mode': 'none' }
export const SIDECAR = { 'sidecar.istio.io/inject': 'true' }
export const USE_WAYPOINT = { 'istio.io/use-waypoint': 'waypoint' }

export function namespace(name: string, labels: Plain = AMBIENT): string {
  return object('Namespace', name, undefined, {}, { labels })
}

interface PodOptions {
  /** The label `app`; the name where absent. */
  readonly app?: string
  /** The service account; the name where absent. */
  readonly account?: string
  readonly labels?: Plain
  readonly spec?: Plain
}

/** A pod of the namespace `shop` with the container port 8080, named `web`. */
export function pod(
  name: string,
  { app = name, account = name, labels = {}, spec = {} }: PodOptions = {},
): string {
  const containers = [{ name: 'a', ports: [{ name: 'web', containerPort: 8080 }] }]
  return object(
    'Pod',
    name,
    'shop',
    { spec: { serviceAccountName: account, containers, ...spec } },
    { labels: { app, ...labels } },
  )
}

/**
 * A Service of the namespace `shop` for the pods with the label `app` of its name; it uses the
 * waypoint.
 */
export function service(
  name: string,
  { labels = USE_WAYPOINT, spec = {} }: { labels?: Plain; spec?: Plain } = {},
): string {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }]
  return object(
    'Service',
    name,
    'shop',
    { spec: { selector: { app: name }, ports, ...spec } },
    { labels },
  )
}

/** A Gateway of the namespace `shop`; a waypoint where no class is given. */
export function gateway(
  name: string,
  { className = 'istio-waypoint', labels = {} }: { className?: string; labels?: Plain } = {},
): string {
  const listeners = [{ name: 'mesh', port: 15008, protocol: 'HBONE' }]
  return object(
    'Gateway',
    name,
    'shop',
    { spec: { gatewayClassName: className, listeners } },
    { labels },
  )
}

export function policy(
  name: string,
  spec: Plain,
  { in: where = 'shop', annotations = {} }: { in?: string; annotations?: Plain } = {},
): string {
  return object('AuthorizationPolicy', name, where, { spec }, { annotations })
}

/** An install that sets MeshConfig. */
export function install(name: string, meshConfig: Plain): string {
  return object('Istio', name, undefined, { spec: { values: { meshConfig } } })
}

/** A rule for service accounts. */
export function fromAccounts(...serviceAccounts: string[]): Plain {
  return { from: [{ source: { serviceAccounts } }] }
}

/** A rule for an operation. */
export function toOperation(operation: Plain): Plain {
  return { to: [{ operation }] }
}

/** `targetRefs` to one object of the kind. */
export function targetRef(
  kind: 'Service' | 'ServiceEntry' | 'Gateway' | 'GatewayClass',
  name: string,
): Plain {
  const group = {
    Service: '',
    ServiceEntry: 'networking.istio.io',
    Gateway: 'gateway.networking.k8s.io',
    GatewayClass: 'gateway.networking.k8s.io',
  }[kind]
  return { targetRefs: [{ group, kind, name }] }
}

export function toService(name: string): Plain {
  return targetRef('Service', name)
}

/** The client `web`, and the Service `api` with one pod behind a waypoint. */
export const SHOP: readonly string[] = [
  namespace('shop'),
  pod('web'),
  pod('api'),
  service('api'),
  gateway('waypoint'),
]

/** The client's identity and address. */
export const WEB = { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.1' }
export const TO_API = { service: 'shop/api', port: 80 }
/** The address of the pod behind the Service. */
export const TO_API_POD = { workload: 'shop/api', port: 8080 }

/** The answer to `GET /` from `web` to the Service `api`, where the request says nothing else. */
export function answer(
  objects: readonly string[],
  request: Partial<AccessRequest> = {},
  settings: MeshSettings = {},
): AccessAnswer {
  const { mesh } = analyse(objects.join('\n---\n'), { world: 'closed', settings })
  return evaluateRequest(mesh, {
    from: WEB,
    to: TO_API,
    http: { method: 'GET', path: '/', host: 'api' },
    ...request,
  })
}

export function verdict(...given: Parameters<typeof answer>): string {
  return answer(...given).verdict
}

/**
 * The hops of an answer, such as `ztunnel shop/api as cluster.local/ns/shop/sa/web on 8080: allow`.
 */
export function hops(...given: Parameters<typeof answer>): string[] {
  return answer(...given).hops.map(
    (hop) =>
      `${hop.point} ${hop.name} as ${hop.identity ?? 'no identity'} on ${hop.port}: ${hop.verdict}`,
  )
}

/** An answer with the place of each hop as text: `readers spec.rules.1`. */
export function answerWithPlaces(...given: Parameters<typeof answer>): unknown {
  const found = answer(...given)
  return {
    ...found,
    hops: found.hops.map(({ place, ...hop }) => ({
      ...hop,
      place: place && `${place.resource.name} ${place.path.join('.')}`,
    })),
  }
}
