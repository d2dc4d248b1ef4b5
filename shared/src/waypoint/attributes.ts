import type { OperationField, SourceField } from '../resources/authorizationPolicy.js'
import { contains, parseAddress, parseCidr } from '../text/ip.js'
import { principalOf } from '../ztunnel/rbac.js'
import { matchesClaim, matchesRequestPrincipal } from './claims.js'
import type { EnvoyConnection, HttpRequest } from './connection.js'
import { matchesPath, normalizePath } from './path.js'
import { escapeRegExp, matchesGlob, matchesPattern } from './stringMatch.js'
import type { Ternary } from './ternary.js'
import { expandPrincipal, expandTrustDomain, type TrustBundle } from './trustDomains.js'

/** An attribute's test of one value; `http` marks those that exist on HTTP chains only. */
export interface Attribute {
  readonly http: boolean
  matches(value: string, connection: EnvoyConnection): Ternary
}

/** What the proxy knows beside the connection. */
export interface AttributeContext {
  /** For service accounts written without one. */
  readonly policyNamespace: string
  readonly trust: TrustBundle
}

type PositiveSource = Exclude<SourceField, `not${string}`>
type PositiveOperation = Exclude<OperationField, `not${string}`>

export function sourceAttribute(field: PositiveSource, context: AttributeContext): Attribute {
  switch (field) {
    case 'principals':
      return layer4((value, connection) =>
        expandPrincipal(value, context.trust).some((principal) =>
          matchesPrincipal(principal, connection),
        ),
      )
    case 'namespaces':
      return layer4((value, connection) =>
        onIdentity(connection, (identity) => matchesGlob(`*/ns/${value}/*`, identity, '.*')),
      )
    case 'serviceAccounts':
      return layer4((value, connection) =>
        matchesServiceAccount(value, connection, context.policyNamespace),
      )
    case 'trustDomains':
      return layer4((value, connection) =>
        expandTrustDomain(value, context.trust).some((domain) =>
          matchesTrustDomain(domain, connection),
        ),
      )
    case 'ipBlocks':
      return layer4(matchesPeerIp)
    case 'remoteIpBlocks':
      return layer4(matchesRemoteIp)
    case 'requestPrincipals':
      return layer7((value, http) => matchesRequestPrincipal(value, http.claims))
  }
}

export function operationAttribute(field: PositiveOperation): Attribute {
  switch (field) {
    case 'hosts':
      return layer7((value, http) => matchesPattern(value.toLowerCase(), http.host.toLowerCase()))
    case 'methods':
      return layer7((value, http) => matchesPattern(value, http.method))
    case 'paths':
      return layer7((value, http) => matchesPath(value, normalizePath(http.path)))
    case 'ports':
      return layer4((value, { destinationPort }) => Number(value) === destinationPort)
  }
}

const HEADER_KEY = /^request\.headers\[(.+)\]$/
const CLAIM_KEY = /^request\.auth\.claims((?:\[[^\]]+\])+)$/

/** Undefined for a key that Envoy is given nothing for. */
export function conditionAttribute(key: string, context: AttributeContext): Attribute | undefined {
  const header = HEADER_KEY.exec(key)?.[1]
  if (header !== undefined)
    return layer7((value, http) =>
      headerValues(http, header).some((item) => value === '*' || matchesPattern(value, item)),
    )
  const claim = CLAIM_KEY.exec(key)?.[1]
  if (claim !== undefined)
    return layer7((value, http) => matchesClaim(claim.slice(1, -1).split(']['), value, http.claims))
  switch (key) {
    case 'source.ip':
      return sourceAttribute('ipBlocks', context)
    case 'remote.ip':
      return sourceAttribute('remoteIpBlocks', context)
    case 'source.namespace':
      return sourceAttribute('namespaces', context)
    case 'source.principal':
      return sourceAttribute('principals', context)
    case 'source.serviceAccount':
      return sourceAttribute('serviceAccounts', context)
    case 'source.trustDomain':
      return sourceAttribute('trustDomains', context)
    case 'request.auth.principal':
      return sourceAttribute('requestPrincipals', context)
    case 'request.auth.audiences':
      return layer7((value, http) => matchesClaim(['aud'], value, http.claims))
    case 'request.auth.presenter':
      return layer7((value, http) => matchesClaim(['azp'], value, http.claims))
    case 'destination.ip':
      return layer4((value, { destinationIp }) =>
        destinationIp === undefined ? 'unknown' : inBlock(value, destinationIp),
      )
    case 'destination.port':
      return operationAttribute('ports')
    case 'connection.sni':
      // A request inside the mesh's own tunnel carries no server name of its own.
      return layer4(() => false)
    default:
      return key.startsWith('experimental.envoy.filters.') ? layer4(() => 'unknown') : undefined
  }
}

function layer4(matches: (value: string, connection: EnvoyConnection) => Ternary): Attribute {
  return { http: false, matches }
}

function layer7(matches: (value: string, http: HttpRequest) => Ternary): Attribute {
  return { http: true, matches: (value, { http }) => http !== undefined && matches(value, http) }
}

function onIdentity({ identity }: EnvoyConnection, test: (spiffe: string) => boolean): boolean {
  return identity !== undefined && test(`spiffe://${principalOf(identity)}`)
}

function matchesPrincipal(value: string, connection: EnvoyConnection): boolean {
  return onIdentity(connection, (spiffe) => {
    return value.startsWith('*')
      ? spiffe.endsWith(value.slice(1))
      : matchesPattern(`spiffe://${value}`, spiffe)
  })
}

/** `spiffe://.+/ns/<ns>/(.+/|)sa/<sa>(/.+)?` (generator.go:205-218). */
function matchesServiceAccount(
  value: string,
  connection: EnvoyConnection,
  policyNamespace: string,
): boolean {
  const slash = value.indexOf('/')
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash)
  const name = value.slice(slash + 1)
  const expression = new RegExp(
    `^spiffe://.+/ns/${escapeRegExp(namespace)}/(.+/|)sa/${escapeRegExp(name)}(/.+)?$`,
  )
  return onIdentity(connection, (spiffe) => expression.test(spiffe))
}

function matchesTrustDomain(value: string, connection: EnvoyConnection): boolean {
  return onIdentity(connection, (spiffe) =>
    matchesGlob(`spiffe://${value}/`, `${spiffe.split('/').slice(0, 3).join('/')}/`, '[^/]*'),
  )
}

/** At a waypoint the peer is `envoy://internal_client_address/`: no address, so no block has it, not even `0.0.0.0/0`. */
function matchesPeerIp(value: string, connection: EnvoyConnection): Ternary {
  if (!connection.seesSourceIp) return false
  return connection.sourceIp === undefined ? 'unknown' : inBlock(value, connection.sourceIp)
}

/** The last entry of `x-forwarded-for`, which any caller can write; without it the client's address. */
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

/** The lines of a header; `:method`, `:path` and `:authority` are headers to Envoy. */
function headerValues(
  { headers, method, path, host }: HttpRequest,
  name: string,
): readonly string[] {
  const wanted = name.toLowerCase()
  const sent = Object.entries({ ...headers, ':method': method, ':path': path, ':authority': host })
  return sent.flatMap(([key, value]) => (key.toLowerCase() === wanted ? value : []))
}
