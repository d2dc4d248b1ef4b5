import type { AccessRequest, RequestTarget } from '../access/request.js'
import { claimsOf } from '../access/requestValues.js'
import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf, workloadsOfService } from '../mesh/services.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { decideAtEnvoy } from '../waypoint/decide.js'

/**
 * Whether policies allow a request as they are written, at any proxy that enforces them: for the client's own identity,
 * and for its Service port or its container port.
 */
export function allowedInWords(
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
      : { trustDomain: request.from.trustDomain ?? trustDomain, namespace, serviceAccount }
  const { http } = request
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
          http: http && {
            method: http.method ?? 'GET',
            path: http.path ?? '/',
            host: http.host ?? '',
            headers: http.headers ?? {},
            claims: http.claims ?? claimsOf(http.requestPrincipal),
          },
        },
        { trustDomain, aliases, severalProviders: false, extensionProviders: undefined },
      ).verdict === 'allow',
  )
}

/** The port of a request, with the ports of the pods or Services that it reaches. */
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
