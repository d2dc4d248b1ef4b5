import type { RequestHttp } from '../access/request.js'
import { decisionOfResponse, deniedDetails } from './envoyDecision.js'
import { endpointOf, type Fields } from './fields.js'
import { NO_DESTINATION, type LoggedDestination, type LogLine } from './logLine.js'
import type { ParsedLine } from './ztunnelLine.js'

/** The parts of an access log line that tell about the request. `-` and empty text are absent. */
interface AccessParts {
  readonly request: string | undefined
  readonly authority: string | undefined
  readonly status: string | undefined
  readonly details: string
  readonly cluster: string | undefined
  readonly local: string | undefined
  readonly remote: string | undefined
  readonly serverName: string | undefined
}

/** A word, `"text"` or `[time]`. */
const TOKEN = /"((?:[^"\\]|\\.)*)"|\[([^\]]*)\](?=\s)|(\S+)/g

/**
 * Reads a line of Istio's default text format, and lines of other formats that have Envoy's RBAC details. The format
 * before Istio 1.9 has no details.
 */
export function parseEnvoyAccessText(text: string): ParsedLine | undefined {
  const tokens = [...text.matchAll(TOKEN)].map(([, quoted, bracketed, word]) => ({
    text: quoted ?? bracketed ?? word ?? '',
    isQuoted: quoted !== undefined,
    isTime: bracketed !== undefined && /^\d{4}-\d\d-\d\d[T ]/.test(bracketed),
  }))
  const at = tokens.findIndex(({ isTime }) => isTime)
  const words = tokens.slice(at + 1)
  const isDefault = at >= 0 && words[0]?.isQuoted === true && /^\d{1,3}$/.test(words[1]?.text ?? '')
  const details = deniedDetails(text)
  if (!isDefault)
    return details === undefined
      ? undefined
      : accessLine({
          request: words.find(({ text: word }) => isRequest(word))?.text,
          authority: undefined,
          status: undefined,
          details,
          cluster: words.find(({ text: word }) => isCluster(word))?.text,
          local: undefined,
          remote: undefined,
          serverName: undefined,
        })
  const hasDetails = words[3]?.isQuoted === false && words[4]?.isQuoted === false
  // The number of received bytes comes after one or two quoted texts, by release.
  const bytes = words.findIndex((token, index) => index > 2 && /^\d+$/.test(token.text))
  const rest = words.slice(bytes - 1).map((token) => token.text)
  return accessLine({
    request: words[0]?.text,
    status: words[1]?.text,
    details: details ?? (hasDetails ? (words[3]?.text ?? '') : ''),
    authority: rest[8],
    cluster: rest[10],
    local: rest[12],
    remote: rest[13],
    serverName: rest[14],
  })
}

const NAMES = {
  details: ['response_code_details', 'responseCodeDetails', 'connection_termination_details'],
  status: ['response_code', 'responseCode', 'status_code', 'status'],
  method: ['method', 'requestMethod', 'request_method'],
  path: ['path', 'uri_path', 'requestPath', 'request_path'],
  authority: ['authority', 'host', 'requestHost'],
  cluster: ['upstream_cluster', 'upstreamCluster', 'upstream_cluster_raw'],
  local: ['downstream_local_address', 'downstream_local', 'downstreamLocalAddress'],
  remote: ['downstream_remote_address', 'downstream_remote', 'downstreamRemoteAddress'],
  serverName: ['requested_server_name', 'requested_server', 'requestedServerName'],
} as const

/** Reads a JSON line of Envoy: Istio's default names, and common other ones. */
export function parseEnvoyAccessJson(fields: Fields): ParsedLine | undefined {
  const get = (key: keyof typeof NAMES): string | undefined =>
    NAMES[key].map((name) => fields.get(name)).find((value) => isPresent(value))
  const details =
    [...fields.values()].map(deniedDetails).find((found) => found !== undefined) ?? get('details')
  const status = get('status')
  if (details === undefined && (status === undefined || get('cluster') === undefined))
    return undefined
  const method = get('method')
  return accessLine({
    request: method === undefined ? undefined : `${method} ${get('path') ?? '/'}`,
    status,
    details: details ?? '',
    authority: get('authority'),
    cluster: get('cluster'),
    local: get('local'),
    remote: get('remote'),
    serverName: get('serverName'),
  })
}

function accessLine(parts: AccessParts): ParsedLine {
  const local = endpointOf(present(parts.local))
  return {
    format: 'Envoy access log',
    ...decisionOfResponse(parts.details, present(parts.status)),
    ...proxyOf(present(parts.cluster)),
    isDryRun: false,
    showsIdentity: false,
    client: { identity: undefined, ip: endpointOf(present(parts.remote))?.host },
    destination: {
      ...NO_DESTINATION,
      ...destinationOf(present(parts.cluster), present(parts.serverName)),
      ip: local?.host,
      ...(clusterPort(present(parts.cluster)) === undefined && local?.port !== undefined
        ? { port: local.port }
        : {}),
    },
    http: httpOf(parts),
  }
}

/** `inbound-vip|80|http|cart.shop.svc.cluster.local`: direction, port, subset and host. */
export function destinationOf(
  cluster: string | undefined,
  serverName: string | undefined,
): Partial<LoggedDestination> {
  const host = cluster?.split('|')[3]
  const port = clusterPort(cluster)
  // The name that sidecars of clients send: outbound_.80_._.cart.shop.svc.cluster.local
  const [, serverPort, serverHost] =
    /^outbound_\.(\d+)_\.[^.]*_\.(.+)$/.exec(serverName ?? '') ?? []
  if (isPresent(host)) return { host, port }
  return {
    host: serverHost,
    // The port of an inbound cluster is the container port.
    port: port ?? (serverPort === undefined ? undefined : Number(serverPort)),
  }
}

function clusterPort(cluster: string | undefined): number | undefined {
  const port = cluster?.split('|')[1]
  return port !== undefined && /^\d{1,5}$/.test(port) ? Number(port) : undefined
}

function proxyOf(cluster: string | undefined): Pick<LogLine, 'proxy' | 'direction'> {
  if (cluster === undefined) return { proxy: 'envoy', direction: undefined }
  if (/^inbound-(vip|pod)\|/.test(cluster)) return { proxy: 'waypoint', direction: 'inbound' }
  if (cluster.startsWith('inbound|')) return { proxy: 'sidecar', direction: 'inbound' }
  if (cluster.startsWith('outbound|')) return { proxy: 'gateway', direction: 'outbound' }
  return { proxy: 'envoy', direction: undefined }
}

function httpOf({ request, authority }: AccessParts): RequestHttp | undefined {
  const [method, path] = (request ?? '').split(' ')
  if (!isPresent(method)) return undefined
  return { method, path: present(path), host: present(authority) }
}

function isRequest(word: string): boolean {
  return /^[A-Z]{3,10} \/\S*/.test(word)
}

function isCluster(word: string): boolean {
  return /^(inbound|outbound|inbound-vip|inbound-pod)\|/.test(word)
}

function isPresent(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '-'
}

function present(value: string | undefined): string | undefined {
  return isPresent(value) ? value : undefined
}
