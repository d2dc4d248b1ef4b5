import { policiesOfWorkload } from '../mesh/policies.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { policiesAtSidecar, policiesAtWaypoint } from '../waypoint/attachedPolicies.js'
import { clientOf } from './client.js'
import { destinationOf } from './destination.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest, RequestHttp, Verdict } from './request.js'
import { resolveEndpoints, waysTo } from './route.js'

/** One field of a request with another value. */
export interface RequestChange {
  /** `from`, `port`, `method`, `path`, `host`, `header x-env`, `claim role`. */
  readonly field: string
  readonly value: string
}

/** The smallest change of a request that turns its verdict, found among the values that the policies on its path name. */
export interface NearestMiss {
  readonly changes: readonly RequestChange[]
  readonly verdict: Verdict
}

interface Candidate {
  readonly change: RequestChange
  apply(request: AccessRequest): AccessRequest
}

/** Combinations that are tried at most, so that an answer never takes long. */
const LIMIT = 1_500

/**
 * Tries each change of one field, then each pair of fields. Undefined where no such change turns the verdict, or it is undecided.
 */
export function nearestMiss(mesh: Mesh, request: AccessRequest): NearestMiss | undefined {
  const { verdict } = evaluateRequest(mesh, request)
  if (verdict === 'undecided') return undefined
  const candidates = candidatesFor(mesh, request)
  const turned = (changed: AccessRequest): Verdict | undefined => {
    const answer = evaluateRequest(mesh, changed).verdict
    return answer === verdict || answer === 'undecided' ? undefined : answer
  }
  for (const candidate of candidates) {
    const answer = turned(candidate.apply(request))
    if (answer) return { changes: [candidate.change], verdict: answer }
  }
  let tried = 0
  for (const [index, first] of candidates.entries()) {
    for (const second of candidates.slice(index + 1)) {
      if (first.change.field === second.change.field) continue
      if (++tried > LIMIT) return undefined
      const answer = turned(second.apply(first.apply(request)))
      if (answer) return { changes: [first.change, second.change], verdict: answer }
    }
  }
  return undefined
}

/** Every policy that may judge the request on its way. */
export function policiesOnPath(mesh: Mesh, request: AccessRequest): readonly AuthorizationPolicy[] {
  const destination = destinationOf(mesh, request.to)
  if (destination.kind === 'missing') return []
  const client = clientOf(mesh, request.from)
  const targets = resolveEndpoints(mesh, client, destination)
  const chains = targets.flatMap((target) => waysTo(mesh, client, target))
  const backends = targets.flatMap((target) =>
    target.kind === 'workload' ? [target.backend] : target.backends,
  )
  const atPods = backends.flatMap(({ workload }) => [
    ...mesh.get(policiesOfWorkload, workload),
    ...mesh.get(policiesAtSidecar, workload),
  ])
  return [
    ...new Set([
      ...chains.flatMap((chain) => (chain ? policiesAtWaypoint(mesh, chain) : [])),
      ...atPods,
    ]),
  ]
}

function candidatesFor(mesh: Mesh, request: AccessRequest): Candidate[] {
  const policies = policiesOnPath(mesh, request)
  const found = [
    ...portCandidates(mesh, request),
    ...policies.flatMap((policy) =>
      policy.rules.flatMap((rule) => [
        ...(rule.from ?? []).flatMap((source) => [
          ...examples(source?.serviceAccounts, source?.notServiceAccounts).map((value) =>
            asServiceAccount(value, policy.namespace),
          ),
          ...examples(source?.principals, source?.notPrincipals).flatMap(fromPrincipal),
          ...examples(source?.namespaces, source?.notNamespaces).map((namespace) =>
            asServiceAccount('default', namespace),
          ),
          ...examples(source?.requestPrincipals, source?.notRequestPrincipals).map(
            asRequestPrincipal,
          ),
        ]),
        ...(rule.to ?? []).flatMap((operation) => [
          ...examples(operation?.methods, operation?.notMethods).map((method) =>
            http('method', method, { method }),
          ),
          ...examples(operation?.paths, operation?.notPaths).map((path) =>
            http('path', path, { path }),
          ),
          ...examples(operation?.hosts, operation?.notHosts).map((host) =>
            http('host', host, { host }),
          ),
        ]),
        ...(rule.when ?? []).flatMap(({ key, values, notValues }) =>
          examples(values, notValues).flatMap((value) => fromCondition(key, value)),
        ),
      ]),
    ),
  ]
  return [
    ...new Map(
      found.map((candidate) => [`${candidate.change.field} ${candidate.change.value}`, candidate]),
    ).values(),
  ]
}

/** Other ports of the same Service. */
function portCandidates(mesh: Mesh, { to }: AccessRequest): Candidate[] {
  const destination = destinationOf(mesh, to)
  const ports =
    destination.kind !== 'service'
      ? []
      : destination.service.type === 'Service'
        ? destination.service.ports.map(({ port }) => port)
        : destination.service.ports.map(({ number }) => number)
  return ports
    .filter((port) => port !== to.port)
    .map((port) => ({
      change: { field: 'port', value: String(port) },
      apply: (request) => ({ ...request, to: { ...request.to, port } }),
    }))
}

/** A text that each pattern matches. */
function examples(
  values: readonly string[] | undefined,
  notValues: readonly string[] | undefined,
): string[] {
  return [...(values ?? []), ...(notValues ?? [])]
    .filter((value) => value !== '*')
    .map((value) => value.replace(/\{\*{1,2}\}/g, 'x').replace(/^\*|\*$/, 'x'))
}

function asServiceAccount(value: string, policyNamespace: string): Candidate {
  const slash = value.indexOf('/')
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash)
  const serviceAccount = value.slice(slash + 1)
  return {
    change: { field: 'from', value: `${namespace}/${serviceAccount}` },
    apply: (request) => ({ ...request, from: { ...request.from, namespace, serviceAccount } }),
  }
}

function fromPrincipal(principal: string): Candidate[] {
  const parts = /\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal)
  return parts ? [asServiceAccount(`${parts[1] ?? ''}/${parts[2] ?? ''}`, '')] : []
}

function asRequestPrincipal(requestPrincipal: string): Candidate {
  return {
    ...http('request principal', requestPrincipal, {}),
    apply: (request) => ({
      ...request,
      http: { ...request.http, requestPrincipal, claims: undefined },
    }),
  }
}

const HEADER = /^request\.headers\[([^:].*)\]$/
const CLAIM = /^request\.auth\.claims\[([^\]]+)\]$/

function fromCondition(key: string, value: string): Candidate[] {
  const header = HEADER.exec(key)?.[1]
  if (header !== undefined)
    return [
      {
        change: { field: `header ${header}`, value },
        apply: (request) =>
          withHttp(request, { headers: { ...request.http?.headers, [header]: value } }),
      },
    ]
  const claim = CLAIM.exec(key)?.[1]
  if (claim !== undefined)
    return [
      {
        change: { field: `claim ${claim}`, value },
        apply: (request) =>
          withHttp(request, { claims: { ...request.http?.claims, [claim]: value } }),
      },
    ]
  if (key === 'source.principal') return fromPrincipal(value)
  return key === 'source.namespace' ? [asServiceAccount('default', value)] : []
}

function http(field: string, value: string, changed: RequestHttp): Candidate {
  return { change: { field, value }, apply: (request) => withHttp(request, changed) }
}

/** Fields of HTTP change only where the request has some: a plain connection stays one. */
function withHttp(request: AccessRequest, changed: RequestHttp): AccessRequest {
  return request.http ? { ...request, http: { ...request.http, ...changed } } : request
}
