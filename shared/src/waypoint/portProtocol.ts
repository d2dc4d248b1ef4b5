/**
 * How Envoy reads a port: as HTTP, as opaque TCP, as opaque TLS with a server name, or by sniffing the protocol of the
 * client.
 */
export type PortProtocol = 'http' | 'tcp' | 'tls' | 'sniffed' | 'udp'

const HTTP = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'])
const TCP = new Set(['tcp', 'mongo', 'redis', 'mysql'])
/** `protocol.Instance.IsTLS`. */
const TLS = new Set(['tls', 'https'])
const APP_PROTOCOLS: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
}
/** Ports of protocols in which the server sends first: DNS, SMTP, MySQL, MongoDB. */
const SERVER_FIRST = new Set([53, 25, 3306, 27017])

/**
 * The protocol of a Service port (kube/conversion.go ConvertProtocol): from the first word of `appProtocol` or of its
 * name, else from its number.
 */
export function servicePortProtocol(port: {
  readonly port: number
  readonly name: string | undefined
  readonly protocol: string
  readonly appProtocol: string | undefined
}): PortProtocol {
  if (port.protocol === 'UDP') return 'udp'
  const named = port.appProtocol ?? port.name ?? ''
  const [word = ''] = (APP_PROTOCOLS[named] ?? named).split('-')
  const protocol = protocolOf(word)
  if (protocol !== 'sniffed') return protocol
  return SERVER_FIRST.has(port.port) ? 'tcp' : 'sniffed'
}

/** The protocol of a ServiceEntry port, from its field `protocol`. */
export function protocolOf(word: string): PortProtocol {
  const lower = word.toLowerCase()
  if (HTTP.has(lower)) return 'http'
  if (TCP.has(lower)) return 'tcp'
  if (TLS.has(lower)) return 'tls'
  return lower === 'udp' ? 'udp' : 'sniffed'
}

/** Whether Envoy reads no HTTP on a port. */
export function isOpaque(protocol: PortProtocol): boolean {
  return protocol === 'tcp' || protocol === 'tls'
}
