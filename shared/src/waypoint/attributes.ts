import type { AttributeTest } from '../resources/attributeTests.js'
import { contains, parseAddress, parseCidr } from '../text/ip.js'
import {
  isHttpAttribute,
  type AttributeName,
  type HttpAttribute,
} from '../vocabulary/attributes.js'
import { matchesClaim, matchesRequestPrincipal } from './claims.js'
import type { EnvoyConnection, HttpRequest } from './connection.js'
import {
  namespaceMatcher,
  principalMatcher,
  serviceAccountMatcher,
  trustDomainMatcher,
  type AttributeContext,
  type MatcherOf,
} from './identityMatch.js'
import { headerName } from './headerName.js'
import { matchesPath, normalizePath, normalizeTarget } from './path.js'
import { matchesPattern } from './stringMatch.js'
import type { Ternary } from './ternary.js'

/** Whether a connection or request matches one value of an attribute. No HTTP attribute matches on a TCP chain. */
export function matchesValue(
  test: Pick<AttributeTest, 'attribute' | 'entry'>,
  value: string,
  connection: EnvoyConnection,
  context: AttributeContext,
): Ternary {
  return valueMatcher(test, value, context)(connection)
}

/** The same for many connections: the value is prepared once. */
export function valueMatcher(
  { attribute, entry }: Pick<AttributeTest, 'attribute' | 'entry'>,
  value: string,
  context: AttributeContext,
): (connection: EnvoyConnection) => Ternary {
  if (!isHttpAttribute(attribute)) return CONNECTION_MATCHERS[attribute](value, context)
  const matches = HTTP_MATCHERS[attribute]
  return ({ http }) => http !== undefined && matches(value, http, entry)
}

const CONNECTION_MATCHERS: Readonly<
  Record<Exclude<AttributeName, HttpAttribute>, MatcherOf<Ternary>>
> = {
  principal: principalMatcher,
  namespace: namespaceMatcher,
  serviceAccount: serviceAccountMatcher,
  trustDomain: trustDomainMatcher,
  sourceIp: (value) => (connection) => matchesPeerIp(value, connection),
  remoteIp: (value) => (connection) => matchesRemoteIp(value, connection),
  destinationIp:
    (value) =>
    ({ destinationIp }) =>
      destinationIp === undefined ? 'unknown' : inBlock(value, destinationIp),
  port:
    (value) =>
    ({ destinationPort }) =>
      Number(value) === destinationPort,
  // Only a client that speaks TLS itself sends a server name through the tunnel of the mesh.
  serverName:
    () =>
    ({ isTls = false }) =>
      isTls && 'unknown',
  filterState: () => () => 'unknown',
}

type HttpMatcher = (value: string, http: HttpRequest, entry: readonly string[]) => boolean

const HTTP_MATCHERS: Readonly<Record<HttpAttribute, HttpMatcher>> = {
  host: (value, { host }) => matchesPattern(value.toLowerCase(), host.toLowerCase()),
  method: (value, { method }) => matchesPattern(value, method),
  path: (value, { path }) => matchesPath(value, normalizePath(path)),
  header: (value, http, [name = '']) =>
    headerValues(http, name).some((item) => value === '*' || matchesPattern(value, item)),
  requestPrincipal: (value, { claims }) => matchesRequestPrincipal(value, claims),
  audience: (value, { claims }) => matchesClaim(['aud'], value, claims),
  presenter: (value, { claims }) => matchesClaim(['azp'], value, claims),
  claim: (value, { claims }, path) => matchesClaim(path, value, claims),
}

/**
 * The peer of a waypoint is `envoy://internal_client_address/`. It has no address, so no block contains it, not even
 * `0.0.0.0/0`.
 */
function matchesPeerIp(value: string, connection: EnvoyConnection): Ternary {
  if (!connection.seesSourceIp) return false
  return connection.sourceIp === undefined ? 'unknown' : inBlock(value, connection.sourceIp)
}

/**
 * The last entry of `x-forwarded-for`, which every client in the mesh can write. Without the header the client's
 * address.
 */
function matchesRemoteIp(value: string, { http, sourceIp }: EnvoyConnection): Ternary {
  const forwarded = http && headerValues(http, 'x-forwarded-for').at(-1)?.split(',').at(-1)?.trim()
  const address = forwarded !== undefined && parseAddress(forwarded) ? forwarded : sourceIp
  return address === undefined ? 'unknown' : inBlock(value, address)
}

function inBlock(value: string, address: string): boolean {
  const block = parseCidr(value)
  const parsed = parseAddress(address)
  return block !== undefined && parsed !== undefined && contains(block, parsed)
}

/** The lines of a header. For Envoy `:method`, `:path` and `:authority` are headers too. */
function headerValues(
  { headers, method, path, host }: HttpRequest,
  name: string,
): readonly string[] {
  const wanted = headerName(name)
  const sent = Object.entries({
    ...headers,
    ':method': method,
    ':path': normalizeTarget(path),
    ':authority': host,
  })
  return sent.flatMap(([key, value]) => (headerName(key) === wanted ? value : []))
}
