import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, RequestSource, RequestTarget } from '../access/request.js'
import { UNKNOWN_WORKLOAD } from '../access/unknownClient.js'
import { serviceAccountOf } from '../mesh/pods.js'
import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { allowedInWords } from '../space/policyWords.js'
import { compact } from '../text/collections.js'

interface DeniedRequest {
  readonly request: AccessRequest
  readonly hasIdentity: boolean
}

/**
 * The requests that a mesh denies, of those of `requestGrid`, one by one with the evaluator. Left out are requests
 * that no policy denies: ztunnel does not know one of their ends.
 */
export class DeniedRequests {
  readonly #mesh: Mesh
  readonly #denied: readonly DeniedRequest[]

  constructor(mesh: Mesh) {
    this.#mesh = mesh
    this.#denied = requestGrid(mesh).flatMap((request) => {
      const { hops, verdict } = evaluateRequest(mesh, request)
      const isOutage = hops.some(({ reason }) => reason === UNKNOWN_WORKLOAD)
      return verdict === 'deny' && !isOutage
        ? [{ request, hasIdentity: hops[0]?.identity !== null }]
        : []
    })
  }

  /**
   * The requests that a change of the mesh opens although the edited policies do not allow them. A
   * client that the change gives an identity is left out: policies that name it allow it in their
   * own words.
   */
  openedBeyond(after: Mesh, edited: readonly AuthorizationPolicy[]): string[] {
    const names = new Set(edited.map(qualifiedName))
    const changed = after
      .all('AuthorizationPolicy')
      .filter((each) => names.has(qualifiedName(each)))
    return this.#denied.flatMap(({ request, hasIdentity }) => {
      const { hops, verdict } = evaluateRequest(after, request)
      const getsIdentity = !hasIdentity && hops[0]?.identity !== null
      return verdict === 'allow' &&
        !getsIdentity &&
        !allowedInWords(this.#mesh, edited, request) &&
        !allowedInWords(this.#mesh, changed, request)
        ? [JSON.stringify(request)]
        : []
    })
  }
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
