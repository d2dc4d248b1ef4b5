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

/** Somebody who may ask: a service account that something runs as, or anybody outside the mesh. */
interface MeshClient {
  /** `namespace/service-account`; `outside the mesh` for the one without an identity. */
  readonly name: string
  readonly from: RequestSource
}

/** What traffic of a namespace ends at: a Service, or a workload by its own address. */
type Destination =
  | { readonly service: Service; readonly workload?: undefined }
  | { readonly workload: Workload; readonly service?: undefined }

/** What becomes of one client's requests to one destination, all ports and all requests that the policies tell apart taken together. */
export interface Connection {
  readonly client: MeshClient
  readonly verdict: Verdict
  /** The answers that differ in their verdict; the first stands for those like it. */
  readonly answers: readonly AccessAnswer[]
}

/** An address that no policy is likely to name. */
const OUTSIDE: MeshClient = { name: 'outside the mesh', from: { ip: '192.0.2.1' } }

/** Clients that are asked for at most, those of the namespace first: a picture of more tells nothing. Fewer in large namespaces, so that an answer never takes long. */
const MAX_CLIENTS = 60
const MAX_QUESTIONS = 20_000
/** Kinds of requests that are told apart at most. */
const MAX_REQUESTS = 8
/** One that no policy names stands for all others. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']

/** Who may ask for something in a namespace, its own clients first; `left` counts those beyond the limit. */
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
      .sources.flatMap(({ namespace: of, serviceAccount, runs }): MeshClient[] => {
        const name = `${of}/${serviceAccount}`
        // A waypoint asks for nothing itself.
        return runs.length === 0 ||
          (waypoints.has(name) && runs.every((one) => one.startsWith('Gateway ')))
          ? []
          : [{ name, from: { namespace: of, serviceAccount } }]
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
      Math.min(MAX_CLIENTS, Math.floor(MAX_QUESTIONS / MAX_REQUESTS / Math.max(1, destinations))),
    )
    return { clients: [...near.slice(0, limit), OUTSIDE], left: Math.max(0, near.length - limit) }
  },
)

/** What becomes of every client's requests to a Service. */
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

/** What becomes of every client's requests to a workload's own address. */
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

/** The workloads of a namespace that no Service stands before. */
export function workloadsAlone(mesh: Mesh, namespace: string): Workload[] {
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
  const requests = requestsThatDiffer(mesh, destination)
  const { namespace } = destination.service ?? destination.workload
  return mesh.get(clientsFor, namespace).clients.map((client) => {
    const answers = targets.flatMap((to) =>
      requests.map((http): AccessAnswer => evaluateRequest(mesh, requestOf(client, to, http))),
    )
    const differing = [...new Map(answers.map((answer) => [answer.verdict, answer])).values()]
    const [first, ...others] = differing
    return {
      client,
      verdict: first && others.length === 0 ? first.verdict : 'undecided',
      answers: differing,
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

/** One request of each kind that the policies of a destination's namespaces tell apart by method and path, and one that none of them names; patterns are filled in. */
function requestsThatDiffer(mesh: Mesh, destination: Destination): readonly RequestHttp[] {
  const policies = policiesAbout(mesh, destination)
  const operations = policies.flatMap(({ rules }) => rules.flatMap(({ to }) => to ?? []))
  const named = new Set(
    operations
      .flatMap((operation) => [...(operation?.methods ?? []), ...(operation?.notMethods ?? [])])
      .map(filled),
  )
  const other = METHODS.find((method) => !named.has(method)) ?? 'GET'
  const methods = new Set(named.size > 0 ? [other, ...named] : ['GET'])
  const paths = new Set([
    '/',
    ...operations
      .flatMap((operation) => [...(operation?.paths ?? []), ...(operation?.notPaths ?? [])])
      .map(filled),
  ])
  return [...paths]
    .flatMap((path) => [...methods].map((method) => ({ method, path })))
    .slice(0, MAX_REQUESTS)
}

/** Policies that may see the requests: those of the workloads' namespaces and those that target the Service. */
function policiesAbout(
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

function filled(pattern: string): string {
  const text = pattern.replaceAll('{**}', 'any').replaceAll('{*}', 'any').replaceAll('*', 'any')
  return text === '' ? 'any' : text
}
