/** How Envoy reads a port: as HTTP, as opaque TCP, or as whatever the client speaks. */
export type PortProtocol = 'http' | 'tcp' | 'sniffed' | 'udp'

const HTTP = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'])
const TCP = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'])
const APP_PROTOCOLS: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
}
/** Ports whose server speaks first: DNS, SMTP, MySQL, MongoDB. */
const SERVER_FIRST = new Set([53, 25, 3306, 27017])

/** A Kubernetes Service port (kube/conversion.go ConvertProtocol): what its `appProtocol`, else its name, begins with up to a dash; else its number. */
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

/** `protocol` of a ServiceEntry port. */
export function protocolOf(word: string): PortProtocol {
  const lower = word.toLowerCase()
  if (HTTP.has(lower)) return 'http'
  if (TCP.has(lower)) return 'tcp'
  return lower === 'udp' ? 'udp' : 'sniffed'
}
