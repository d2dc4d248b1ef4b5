import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, RequestSource, RequestTarget } from '../access/request.js'
import { claimsOf } from '../access/requestValues.js'
import { serviceAccountOf } from '../mesh/pods.js'
import { servicesOfWorkload, targetPortOf, workloadsOfService } from '../mesh/services.js'
import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { Fix } from '../rules/fix.js'
import { compact } from '../text/collections.js'
import { decideAtEnvoy } from '../waypoint/decide.js'

/** The policies that a fix edits, or beside which it adds objects. */
export function editedPolicies({ edits }: Fix): readonly AuthorizationPolicy[] {
  const resources = edits.flatMap((edit) =>
    edit.op === 'setting' || edit.op === 'delete-lines'
      ? []
      : [edit.op === 'add' ? edit.after : edit.resource],
  )
  return [...new Set(resources)].filter((resource) => resource.type === 'AuthorizationPolicy')
}

/**
 * The requests that a change of a mesh opens although the edited policies do not allow them. A client
 * that the change gives an identity is left out: policies that name it allow it in their own words.
 */
export function openedBeyond(
  before: Mesh,
  after: Mesh,
  edited: readonly AuthorizationPolicy[],
): string[] {
  const names = new Set(edited.map(qualifiedName))
  const changed = after.all('AuthorizationPolicy').filter((each) => names.has(qualifiedName(each)))
  return requestGrid(before).flatMap((request) => {
    const [was, is] = [evaluateRequest(before, request), evaluateRequest(after, request)]
    const getsIdentity = was.hops[0]?.identity === null && is.hops[0]?.identity !== null
    return was.verdict === 'deny' &&
      is.verdict === 'allow' &&
      !getsIdentity &&
      !allowedInWords(before, edited, request) &&
      !allowedInWords(before, changed, request)
      ? [JSON.stringify(request)]
      : []
  })
}

/**
 * Whether policies allow a request as they are written, wherever they are enforced: at the client's own
 * identity, for its Service port or its container port.
 */
function allowedInWords(
  mesh: Mesh,
  policies: readonly AuthorizationPolicy[],
  request: AccessRequest,
): boolean {
  if (policies.length === 0) return false
  const { namespace, serviceAccount, ip } = request.from
  const { trustDomain, trustDomainAliases: aliases } = mesh.settings
  const identity =
    namespace === undefined || serviceAccount === undefined
      ? undefined
      : { trustDomain, namespace, serviceAccount }
  const {
    method = 'GET',
    path = '/',
    host = '',
    headers = {},
    requestPrincipal,
  } = request.http ?? {}
  const http = { method, path, host, headers, claims: claimsOf(requestPrincipal) }
  return portsOf(mesh, request.to).some(
    (destinationPort) =>
      decideAtEnvoy(
        policies,
        {
          identity,
          sourceIp: ip,
          seesSourceIp: true,
          destinationIp: undefined,
          destinationPort,
          http: request.http && http,
        },
        { trustDomain, aliases, severalProviders: false },
      ).verdict === 'allow',
  )
}

/** The port of a request, with the ports of the pods or Services that it stands for. */
function portsOf(mesh: Mesh, to: RequestTarget): number[] {
  if (!('service' in to) && !('workload' in to)) return [to.port]
  const [namespace = '', name = ''] = ('service' in to ? to.service : to.workload).split('/')
  if ('service' in to) {
    const service = mesh.named('Service', namespace, name)
    const port = service?.ports.find((each) => each.port === to.port)
    const workloads = service ? mesh.get(workloadsOfService, service) : []
    return [
      to.port,
      ...workloads.flatMap((workload) => (port && targetPortOf(workload, port.targetPort)) ?? []),
    ]
  }
  const workload = mesh.workloadsAt(keys.workloads(namespace)).find((each) => each.name === name)
  const services = workload ? mesh.get(servicesOfWorkload, workload) : []
  return [
    to.port,
    ...services.flatMap(({ ports }) =>
      ports.flatMap(({ port, targetPort }) =>
        workload && targetPortOf(workload, targetPort) === to.port ? [port] : [],
      ),
    ),
  ]
}

const HTTP: readonly (RequestHttp | undefined)[] = [
  undefined,
  { method: 'GET', path: '/' },
  { method: 'DELETE', path: '/admin' },
  { method: 'POST', path: '/api', headers: { 'x-env': 'prod' } },
]

/** Requests of every account and of unknown clients, to every Service and workload of a mesh. */
function requestGrid(mesh: Mesh): AccessRequest[] {
  const workloads = mesh.workloadsAt(keys.allWorkloads())
  const accounts = workloads.map((workload) => ({
    namespace: workload.namespace,
    serviceAccount: serviceAccountOf(workload),
  }))
  const namespaces = new Set(workloads.map(({ namespace }) => namespace))
  const sources: RequestSource[] = [
    ...new Map(accounts.map((each) => [JSON.stringify(each), each])).values(),
    ...[...namespaces].map((namespace) => ({ namespace, serviceAccount: 'probe' })),
    { namespace: 'nowhere', serviceAccount: 'probe' },
    { ip: '203.0.113.7' },
  ]
  const targets = compact<RequestTarget>([
    ...mesh
      .all('Service')
      .flatMap((service) =>
        service.ports.map(({ port }) => ({ service: qualifiedName(service), port })),
      ),
    ...workloads.flatMap((workload): RequestTarget[] =>
      workload.type === 'WorkloadEntry'
        ? []
        : (workload.template.ports.length > 0
            ? workload.template.ports.map(({ containerPort }) => containerPort)
            : [8080]
          ).map((port) => ({ workload: qualifiedName(workload), port })),
    ),
  ])
  return sources.flatMap((from) =>
    targets.flatMap((to) => HTTP.map((http): AccessRequest => ({ from, to, http }))),
  )
}
