import type { Mesh } from '../mesh/mesh.js'
import { ruleTests, type AttributeTest } from '../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { isHttpAttribute, type AttributeName } from '../vocabulary/attributes.js'
import { parsePrincipal } from '../vocabulary/principal.js'
import {
  formatServiceAccount,
  parseServiceAccount,
  type ServiceAccountName,
} from '../vocabulary/serviceAccountName.js'
import { destinationOf } from './destination.js'
import type { AccessRequest } from './request.js'
import { exampleOf, withValue } from './requestValues.js'

/** One field of a request with another value. */
export interface RequestChange {
  /** `from`, `port`, `method`, `path`, `host`, `header x-env`, `claim role`. */
  readonly field: string
  readonly value: string
}

/** A change of a request that may change its verdict. */
export interface Candidate {
  readonly change: RequestChange
  apply(request: AccessRequest): AccessRequest
}

/** The changes of a request to a value that one of some policies names, and to other ports. Each once. */
export function requestCandidates(
  mesh: Mesh,
  request: AccessRequest,
  policies: readonly AuthorizationPolicy[],
): Candidate[] {
  const found = [
    ...portCandidates(mesh, request),
    ...policies.flatMap(({ rules, namespace }) =>
      rules.flatMap((rule) => candidatesOfRule(rule, namespace)),
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

function candidatesOfRule(rule: Rule, policyNamespace: string): Candidate[] {
  return ruleTests(rule)
    .flatMap((tests) =>
      ORDER.flatMap((name) => tests.filter(({ attribute }) => attribute === name)),
    )
    .flatMap((test) =>
      [...test.values, ...test.notValues]
        .filter((value) => value !== '*')
        .flatMap((value) =>
          CANDIDATES[test.attribute](exampleOf(value), { ...test, policyNamespace }),
        ),
    )
}

interface Tested extends AttributeTest {
  readonly policyNamespace: string
}

/** The changes that give a request a value of an attribute, those to try first at the top. */
const CANDIDATES: Readonly<Record<AttributeName, (value: string, test: Tested) => Candidate[]>> = {
  serviceAccount: (value, { policyNamespace }) => [
    fromAccount(parseServiceAccount(value, policyNamespace)),
  ],
  principal: (value) => {
    const account = parsePrincipal(value)
    return account ? [fromAccount(account)] : []
  },
  namespace: (namespace) => [fromAccount({ namespace, serviceAccount: 'default' })],
  requestPrincipal: http('request principal'),
  method: http('method'),
  path: http('path'),
  host: http('host'),
  header: http('header'),
  claim: http('claim'),
  audience: () => [],
  presenter: () => [],
  // The ports of the destination are tried whether or not a policy names them.
  port: () => [],
  trustDomain: () => [],
  sourceIp: () => [],
  remoteIp: () => [],
  destinationIp: () => [],
  serverName: () => [],
  filterState: () => [],
}
const ORDER = Object.keys(CANDIDATES)

function fromAccount({ namespace, serviceAccount }: ServiceAccountName): Candidate {
  return {
    change: { field: 'from', value: formatServiceAccount({ namespace, serviceAccount }) },
    apply: (request) => ({ ...request, from: { ...request.from, namespace, serviceAccount } }),
  }
}

/** A plain connection remains one, except that a token makes it an HTTP request. */
function http(field: string): (value: string, test: Tested) => Candidate[] {
  return (value, { attribute, entry }) => {
    if (!isHttpAttribute(attribute) || !withValue({}, { attribute, entry }, value)) return []
    const apply = (request: AccessRequest): AccessRequest => {
      const given = attribute === 'requestPrincipal' ? (request.http ?? {}) : request.http
      return given ? { ...request, http: withValue(given, { attribute, entry }, value) } : request
    }
    return [{ change: { field: [field, ...entry].join(' '), value }, apply }]
  }
}
