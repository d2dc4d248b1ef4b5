import { ruleInText } from './envoyDecision.js'
import { destinationOf } from './envoyAccessLine.js'
import { endpointOf, identityOf } from './fields.js'
import { NO_CLIENT, NO_DESTINATION, type LoggedDecision, type LogLine } from './logLine.js'
import type { ParsedLine } from './ztunnelLine.js'

/** What Envoy logs about a request before it logs the decision. */
export type RbacRequest = Pick<LogLine, 'client' | 'destination' | 'http' | 'showsIdentity'>

const NO_REQUEST: RbacRequest = {
  client: NO_CLIENT,
  destination: NO_DESTINATION,
  http: undefined,
  showsIdentity: false,
}

/** Reads `checking request: …` or `checking connection: …`; undefined for other lines. */
export function parseRbacRequest(text: string): RbacRequest | undefined {
  const start = text.search(/checking (?:request|connection):/)
  if (start < 0) return undefined
  const body = text.slice(start)
  const value = (name: string): string | undefined =>
    new RegExp(`${name}: ?([^\\s,]+)`).exec(body)?.[1]
  const local = endpointOf(value('localAddress'))
  const identity = identityOf(value('uriSanPeerCertificate'))
  const remote = value('remoteIP') ?? value('directRemoteIP') ?? value('sourceIP')
  return withHeaders(
    {
      client: { identity, ip: endpointOf(remote ?? value('remoteAddress'))?.host },
      destination: {
        ...NO_DESTINATION,
        ...destinationOf(undefined, value('requestedServerName')),
        ip: local?.host,
        ...(local?.port === undefined ? {} : { port: local.port }),
      },
      http: undefined,
      showsIdentity: identity !== undefined,
    },
    body,
  )
}

/** Adds the headers in a line, such as `':path', '/items'`; a request has one in each line. */
export function withHeaders(request: RbacRequest, text: string): RbacRequest {
  let result = request
  for (const [, name = '', value = ''] of text.matchAll(/'([^',]+)', ?'([^']*)'/g))
    result = withHeader(result, name, value)
  return result
}

function withHeader(request: RbacRequest, name: string, value: string): RbacRequest {
  const { http } = request
  if (name === ':method') return { ...request, http: { ...http, method: value } }
  if (name === ':path') return { ...request, http: { ...http, path: value } }
  if (name === ':authority') return { ...request, http: { ...http, host: value } }
  if (name === 'x-forwarded-client-cert' && !request.client.identity) {
    const last = value.split(',').at(-1) ?? ''
    const identity = identityOf(/URI=([^;\s]+)/.exec(last)?.[1])
    if (identity)
      return { ...request, client: { ...request.client, identity }, showsIdentity: true }
  }
  return name.startsWith(':')
    ? request
    : { ...request, http: { ...http, headers: { ...http?.headers, [name]: value } } }
}

/** Reads `enforced denied, matched policy ns[shop]-policy[readers]-rule[0]`; undefined for other lines. */
export function parseRbacDecision(
  text: string,
  request: RbacRequest | undefined,
): ParsedLine | undefined {
  const [reason, mode, result, policy] =
    /\b(enforced|shadow) (allowed|denied)(?:, matched policy (\S+))?/.exec(text) ?? []
  if (reason === undefined) return undefined
  const isDenied = result === 'denied'
  return {
    format: 'Envoy RBAC log',
    proxy: 'envoy',
    verdict: isDenied ? 'deny' : 'allow',
    reason,
    decision: decisionOf(policy, isDenied),
    isDryRun: mode === 'shadow',
    direction: 'inbound',
    ...(request ?? NO_REQUEST),
  }
}

function decisionOf(policy: string | undefined, isDenied: boolean): LoggedDecision {
  const rule = policy === undefined ? undefined : ruleInText(policy)
  if (rule) return rule
  if (policy === undefined || !policy.startsWith('none')) return { kind: 'not named' }
  // The filter of DENY policies logs "allowed, matched policy none" too: no policy denied.
  return isDenied ? { kind: 'no ALLOW matched' } : { kind: 'not named' }
}
