import { keys } from '../inventory/indexKeys.js'
import { isWorkload, type Workload } from '../inventory/workloads.js'
import { sourceChoices, type SourceChoice } from '../access/choices.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import { policiesOnPath } from '../access/nearestMiss.js'
import type { AccessRequest, RequestHttp, RequestTarget } from '../access/request.js'
import { exampleOf, withValue } from '../access/requestValues.js'
import { serviceAccountOf } from '../mesh/pods.js'
import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { servicesOfWorkload, workloadsOfService } from '../mesh/services.js'
import {
  conditionTest,
  operationTests,
  sourceTests,
  type AttributeTest,
} from '../resources/attributeTests.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Resource } from '../resources/resource.js'
import { isHttpAttribute } from '../vocabulary/attributes.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'

/** A client: a service account, with the object that represents it in an editor. */
interface Caller {
  readonly namespace: string
  readonly serviceAccount: string
  readonly resource: Resource
}

/** A call that the policies allow. */
export interface AllowedCall {
  /** The object at the other end: the one that represents the client, or the destination. */
  readonly resource: Resource
  /** `port 80`, `ports 80, 81`, `port 80 for some requests`. */
  readonly detail: string
}

/** A destination with its ports. */
interface Callee {
  readonly resource: Resource
  readonly targets: readonly RequestTarget[]
}

/** Whether an object has a call hierarchy. */
export function takesPartInCalls(mesh: Mesh, resource: Resource): boolean {
  return calleesAt(mesh, resource).length > 0 || accountsAt(mesh, resource).length > 0
}

/**
 * The service accounts that can call an object: a Service, a workload, or the pods of a service account. The mesh
 * must be closed. Yields after each service account, so that the caller can pause or stop.
 */
export function* allowedCallers(
  mesh: Mesh,
  resource: Resource,
): Generator<undefined, AllowedCall[], undefined> {
  const callees = calleesAt(mesh, resource)
  const calls: AllowedCall[] = []
  for (const source of mesh.get(sourceChoices, '')) {
    const caller = callerOf(mesh, source)
    const detail =
      caller &&
      detailOf(
        callees.flatMap(({ targets }) =>
          targets.map((target) => ({ target, reach: reachOf(mesh, caller, target) })),
        ),
      )
    if (caller && detail !== undefined)
      calls.push({
        resource: caller.resource,
        detail: `as ${formatServiceAccount(caller)}, ${detail}`,
      })
    yield
  }
  return calls
}

/**
 * The Services, hosts of ServiceEntries and workloads without a Service that an object can call. Yields as
 * `allowedCallers`.
 */
export function* allowedCallees(
  mesh: Mesh,
  resource: Resource,
): Generator<undefined, AllowedCall[], undefined> {
  const accounts = accountsAt(mesh, resource)
  const calls: AllowedCall[] = []
  for (const destination of mesh.get(destinations, '')) {
    const { targets, resource: callee } = destination
    const reached = accounts.flatMap((caller) =>
      targets.map((target) => ({ target, reach: reachOf(mesh, caller, target) })),
    )
    const detail = detailOf(reached)
    if (detail !== undefined) calls.push({ resource: callee, detail })
    yield
  }
  return calls
}

const destinations = query('destinations of calls', (mesh, _: ''): readonly Callee[] => {
  const bare = mesh
    .workloadsAt(keys.allWorkloads())
    .filter((workload) => mesh.get(servicesOfWorkload, workload).length === 0)
  return [...mesh.all('Service'), ...mesh.all('ServiceEntry'), ...bare]
    .flatMap((resource) => calleesAt(mesh, resource))
    .filter(({ targets }) => targets.length > 0)
})

function calleesAt(mesh: Mesh, resource: Resource): Callee[] {
  if (isWorkload(resource)) return [{ resource, targets: workloadTargets(mesh, resource) }]
  const name = `${resource.namespace}/${resource.name}`
  switch (resource.type) {
    case 'Service':
      return [{ resource, targets: resource.ports.map(({ port }) => ({ service: name, port })) }]
    case 'ServiceEntry':
      return [
        {
          resource,
          targets: resource.hosts.flatMap((host) =>
            resource.ports.map(({ number: port }) => ({ host, port })),
          ),
        },
      ]
    case 'ServiceAccount':
      return mesh
        .workloadsAt(keys.identity(resource.namespace, resource.name))
        .map((workload) => ({ resource: workload, targets: workloadTargets(mesh, workload) }))
    default:
      return []
  }
}

/** The container ports of a workload and the target ports of its Services; port 80 if there are none. */
function workloadTargets(mesh: Mesh, workload: Workload): RequestTarget[] {
  const written =
    workload.type === 'WorkloadEntry'
      ? []
      : workload.template.ports.map(({ containerPort }) => containerPort)
  const served = mesh
    .get(servicesOfWorkload, workload)
    .flatMap(({ ports }) =>
      ports.flatMap(({ targetPort }) => (typeof targetPort === 'number' ? [targetPort] : [])),
    )
  const ports = [...new Set([...written, ...served])].filter((port) => port > 0 && port <= 65_535)
  return (ports.length > 0 ? ports : [80]).map((port) => ({
    workload: `${workload.namespace}/${workload.name}`,
    port,
  }))
}

function accountsAt(mesh: Mesh, resource: Resource): Caller[] {
  const account = (namespace: string, serviceAccount: string): Caller => ({
    namespace,
    serviceAccount,
    resource,
  })
  if (isWorkload(resource)) return [account(resource.namespace, serviceAccountOf(resource))]
  switch (resource.type) {
    case 'Service':
      return [...new Set(mesh.get(workloadsOfService, resource).map(serviceAccountOf))].map(
        (name) => account(resource.namespace, name),
      )
    case 'ServiceAccount':
      return [account(resource.namespace, resource.name)]
    case 'Gateway':
      return mesh.get(classRole, resource.gatewayClassName) === 'unknown'
        ? []
        : [account(resource.namespace, mesh.get(gatewayServiceAccount, resource))]
    default:
      return []
  }
}

/** The object that represents a service account: the ServiceAccount itself, or a workload or Gateway that uses it. */
function callerOf(mesh: Mesh, { namespace, serviceAccount }: SourceChoice): Caller | undefined {
  const resource =
    mesh.named('ServiceAccount', namespace, serviceAccount) ??
    mesh.workloadsAt(keys.identity(namespace, serviceAccount))[0] ??
    mesh
      .inNamespace('Gateway', namespace)
      .find((gateway) => mesh.get(gatewayServiceAccount, gateway) === serviceAccount)
  return resource && { namespace, serviceAccount, resource }
}

/** Which requests to a destination are allowed. */
type Reach = 'all' | 'some' | 'none'

/** `all` if a plain request is allowed, `some` if one of the requests in the policies on the path is. */
function reachOf(mesh: Mesh, { namespace, serviceAccount }: Caller, to: RequestTarget): Reach {
  const from = { namespace, serviceAccount }
  const plain: AccessRequest = { from, to, http: { method: 'GET', path: '/' } }
  if (evaluateRequest(mesh, plain).verdict === 'allow') return 'all'
  const named = policiesOnPath(mesh, plain).flatMap((policy) => mesh.get(allowedRequestsOf, policy))
  return named.some((http) => evaluateRequest(mesh, { from, to, http }).verdict === 'allow')
    ? 'some'
    : 'none'
}

/** One request for each combination of source and operation that an ALLOW policy allows. */
const allowedRequestsOf = query(
  'requests allowed by policy',
  (_, policy: AuthorizationPolicy): readonly RequestHttp[] => {
    if (policy.action !== 'ALLOW') return []
    return policy.rules.flatMap(({ from, to, when }) => {
      const conditions = (when ?? []).flatMap((condition) => conditionTest(condition) ?? [])
      return (to ?? [undefined]).flatMap((operation) =>
        (from ?? [undefined]).map((source) =>
          requestWith([...operationTests(operation), ...sourceTests(source), ...conditions]),
        ),
      )
    })
  },
)

/** A request that has the first value of each test. A request principal comes first: it replaces all claims. */
function requestWith(tests: readonly AttributeTest[]): RequestHttp {
  const isPrincipal = ({ attribute }: AttributeTest): boolean => attribute === 'requestPrincipal'
  const start: RequestHttp = {
    method: 'GET',
    path: '/',
    ...(tests.some(({ attribute }) => attribute === 'claim')
      ? { requestPrincipal: 'issuer/subject' }
      : {}),
  }
  return [...tests.filter(isPrincipal), ...tests.filter((test) => !isPrincipal(test))].reduce(
    (http, { attribute, entry, values: [first] }) => {
      const value = first === undefined ? (entry.length > 0 ? 'x' : undefined) : exampleOf(first)
      return value === undefined || !isHttpAttribute(attribute)
        ? http
        : (withValue(http, { attribute, entry }, value) ?? http)
    },
    start,
  )
}

function detailOf(
  calls: readonly { readonly target: RequestTarget; readonly reach: Reach }[],
): string | undefined {
  const ports = (reach: Reach): number[] =>
    [
      ...new Set(calls.filter((call) => call.reach === reach).map(({ target }) => target.port)),
    ].sort((a, b) => a - b)
  const all = ports('all')
  const some = ports('some').filter((port) => !all.includes(port))
  const words = [
    ...(all.length > 0 ? [portWords(all)] : []),
    ...(some.length > 0 ? [`${portWords(some)} for some requests`] : []),
  ]
  return words.length === 0 ? undefined : words.join(', ')
}

function portWords(ports: readonly number[]): string {
  return `port${ports.length > 1 ? 's' : ''} ${ports.join(', ')}`
}
