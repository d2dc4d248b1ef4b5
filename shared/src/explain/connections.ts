import { evaluateRequest } from '../access/evaluateRequest.js'
import type {
  AccessAnswer,
  AccessRequest,
  RequestHttp,
  RequestSource,
  RequestTarget,
  Verdict,
} from '../access/request.js'
import { requestChoices } from '../access/choices.js'
import { keys } from '../inventory/indexKeys.js'
import { isWaypointClass, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { servicesOfWorkload, workloadsOfService } from '../mesh/services.js'
import type { Workload } from '../inventory/workloads.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import { portsOf } from './support/ports.js'

/** A client: a service account that a workload uses, or a client outside the mesh. */
interface MeshClient {
  /** `namespace/service-account`, or `outside the mesh` for the client without identity. */
  readonly name: string
  readonly from: RequestSource
}

/** A destination in a namespace: a Service, or a workload by its own address. */
type Destination =
  | { readonly service: Service; readonly workload?: undefined }
  | { readonly workload: Workload; readonly service?: undefined }

/** The access of one client to one destination, over all ports and all requests that the policies distinguish. */
export interface Connection {
  readonly client: MeshClient
  readonly verdict: Verdict
  /** One answer for each verdict. */
  readonly answers: readonly AccessAnswer[]
}

/** An address for documentation (RFC 5737), which policies do not name. */
const OUTSIDE: MeshClient = { name: 'outside the mesh', from: { ip: '192.0.2.1' } }

/**
 * Limit of clients, those of the namespace first. Large namespaces have a lower limit, so that the picture stays
 * fast.
 */
const MAX_CLIENTS = 60
const MAX_EVALUATIONS = 20_000
/** Limit of different requests for each client and port. */
const MAX_REQUESTS = 8
/** The first method that no policy names represents all others. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']

/** The clients for a namespace, its own first; `left` counts those beyond the limit. */
export const clientsFor = query(
  'clients',
  (mesh, namespace: string): { readonly clients: readonly MeshClient[]; readonly left: number } => {
    const waypoints = new Set(
      mesh
        .all('Gateway')
        .filter(({ gatewayClassName }) => isWaypointClass(gatewayClassName))
        .map((gateway) => `${gateway.namespace}/${mesh.get(gatewayServiceAccount, gateway)}`),
    )
    const known = mesh
      .get(requestChoices, '')
      .sources.flatMap(({ namespace: home, serviceAccount, runs }): MeshClient[] => {
        const name = `${home}/${serviceAccount}`
        // A waypoint sends no requests of its own.
        return runs.length === 0 ||
          (waypoints.has(name) && runs.every((one) => one.startsWith('Gateway ')))
          ? []
          : [{ name, from: { namespace: home, serviceAccount } }]
      })
    const near = [
      ...known.filter(({ from }) => from.namespace === namespace),
      ...known.filter(({ from }) => from.namespace !== namespace),
    ]
    const destinations =
      mesh.inNamespace('Service', namespace).length +
      mesh.workloadsAt(keys.workloads(namespace)).length
    const limit = Math.max(
      2,
      Math.min(MAX_CLIENTS, Math.floor(MAX_EVALUATIONS / MAX_REQUESTS / Math.max(1, destinations))),
    )
    return { clients: [...near.slice(0, limit), OUTSIDE], left: Math.max(0, near.length - limit) }
  },
)

/** The access of every client to a Service. */
export const connectionsOfService = query(
  'connections of service',
  (mesh, service: Service): readonly Connection[] => {
    const name = qualifiedName(service)
    return connectionsTo(
      mesh,
      { service },
      service.ports.map(({ port }): RequestTarget => ({ service: name, port })),
    )
  },
)

/** The access of every client to a workload's own address. */
export const connectionsOfWorkload = query(
  'connections of workload',
  (mesh, workload: Workload): readonly Connection[] => {
    const name = qualifiedName(workload)
    return connectionsTo(
      mesh,
      { workload },
      portsOf(mesh, workload).map((port): RequestTarget => ({ workload: name, port })),
    )
  },
)

/** The workloads of a namespace without a Service. */
export function workloadsWithoutService(mesh: Mesh, namespace: string): Workload[] {
  return mesh
    .workloadsAt(keys.workloads(namespace))
    .filter((workload) => mesh.get(servicesOfWorkload, workload).length === 0)
}

function connectionsTo(
  mesh: Mesh,
  destination: Destination,
  targets: readonly RequestTarget[],
): Connection[] {
  if (targets.length === 0) return []
  const requests = differentRequests(mesh, destination)
  const { namespace } = destination.service ?? destination.workload
  return mesh.get(clientsFor, namespace).clients.map((client) => {
    const answers = targets.flatMap((to) =>
      requests.map((http): AccessAnswer => evaluateRequest(mesh, requestOf(client, to, http))),
    )
    const different = [...new Map(answers.map((answer) => [answer.verdict, answer])).values()]
    const [first, ...others] = different
    return {
      client,
      verdict: first && others.length === 0 ? first.verdict : 'undecided',
      answers: different,
    }
  })
}

function requestOf(
  { from }: MeshClient,
  to: RequestTarget,
  http: RequestHttp | undefined,
): AccessRequest {
  return { id: undefined, from, to, http }
}

/** One request for each combination of method and path in the policies, and for one that no policy names. */
function differentRequests(mesh: Mesh, destination: Destination): readonly RequestHttp[] {
  const policies = policiesFor(mesh, destination)
  const operations = policies.flatMap(({ rules }) => rules.flatMap(({ to }) => to ?? []))
  const named = new Set(
    operations
      .flatMap((operation) => [...(operation?.methods ?? []), ...(operation?.notMethods ?? [])])
      .map(exampleOf),
  )
  const other = METHODS.find((method) => !named.has(method)) ?? 'GET'
  const methods = new Set(named.size > 0 ? [other, ...named] : ['GET'])
  const paths = new Set([
    '/',
    ...operations
      .flatMap((operation) => [...(operation?.paths ?? []), ...(operation?.notPaths ?? [])])
      .map(exampleOf),
  ])
  return [...paths]
    .flatMap((path) => [...methods].map((method) => ({ method, path })))
    .slice(0, MAX_REQUESTS)
}

/**
 * Policies that may apply to the requests: those in the workloads' namespaces, with or without the Service as target.
 */
function policiesFor(
  mesh: Mesh,
  { service, workload }: Destination,
): readonly AuthorizationPolicy[] {
  const namespaces = new Set(
    service
      ? [service.namespace, ...mesh.get(workloadsOfService, service).map((one) => one.namespace)]
      : [workload.namespace],
  )
  return [...namespaces]
    .flatMap((namespace) => mesh.inNamespace('AuthorizationPolicy', namespace))
    .filter(({ targetRefs }) => {
      return (
        targetRefs.length === 0 ||
        targetRefs.some(({ kind, name }) => kind !== 'Service' || name === service?.name)
      )
    })
}

function exampleOf(pattern: string): string {
  const text = pattern.replaceAll('{**}', 'any').replaceAll('{*}', 'any').replaceAll('*', 'any')
  return text === '' ? 'any' : text
}
