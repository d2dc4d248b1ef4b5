import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessAnswer, AccessRequest } from '../access/request.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import * as builders from './builders.js'
import { analyse } from './checkFiles.js'
import { documents, object, type Fields, type Labels } from './objectText.js'
import { reference } from './policyBuilders.js'

export const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
export const NOT_AMBIENT = { 'istio.io/dataplane-mode': 'none' }
export const SIDECAR = { 'sidecar.istio.io/inject': 'true' }
export const USE_WAYPOINT = { 'istio.io/use-waypoint': 'waypoint' }

export function namespace(name: string, labels: Labels = AMBIENT): string {
  return object('Namespace', name, { labels })
}

interface PodOptions {
  /** The label `app`; the name where absent. */
  readonly app?: string
  /** The service account; the name where absent. */
  readonly account?: string
  readonly labels?: Labels
  readonly spec?: Fields
}

/** A pod of the namespace `shop` with the container port 8080, named `web`. */
export function pod(name: string, { account = name, ...options }: PodOptions = {}): string {
  const ports = [{ name: 'web', containerPort: 8080 }]
  return builders.pod(`shop/${name}`, { serviceAccount: account, ports, ...options })
}

/**
 * A Service of the namespace `shop` for the pods with the label `app` of its name; it uses the
 * waypoint.
 */
export function service(
  name: string,
  { labels = USE_WAYPOINT, spec }: { labels?: Labels; spec?: Fields } = {},
): string {
  return builders.service(`shop/${name}`, { labels, spec })
}

/** A Gateway of the namespace `shop`; a waypoint where no class is given. */
export function gateway(
  name: string,
  options: { className?: string; labels?: Labels } = {},
): string {
  return builders.waypoint(`shop/${name}`, options)
}

export function policy(
  name: string,
  spec: Fields,
  { in: where = 'shop', annotations }: { in?: string; annotations?: Labels } = {},
): string {
  return object('AuthorizationPolicy', `${where}/${name}`, { spec, annotations })
}

/** An install that sets MeshConfig. */
export function install(name: string, meshConfig: Fields): string {
  return object('Istio', name, { spec: { values: { meshConfig } } })
}

/** A rule for service accounts. */
export function fromAccounts(...serviceAccounts: string[]): Fields {
  return { from: [{ source: { serviceAccounts } }] }
}

/** A rule for an operation. */
export function toOperation(operation: Fields): Fields {
  return { to: [{ operation }] }
}

/** `targetRefs` to one object of the kind. */
export function targetRef(
  kind: 'Service' | 'ServiceEntry' | 'Gateway' | 'GatewayClass',
  name: string,
): Fields {
  return { targetRefs: [reference(`${kind}/${name}`)] }
}

export function toService(name: string): Fields {
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
  const { mesh } = analyse(documents(...objects), { world: 'closed', settings })
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
