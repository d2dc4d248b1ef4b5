import type { Field } from './field.js'
import { problemAt, type ReportProblem } from './problem.js'

/** Resolutions for which the proxy asks DNS for the host itself if the entry has no endpoints. */
const BY_NAME = ['DNS', 'DNS_ROUND_ROBIN']
/** Protocols that Istio knows, in lower case (`pkg/config/protocol/instance.go` Parse). */
const PROTOCOLS: ReadonlySet<string> = new Set([
  ...['tcp', 'udp', 'grpc', 'grpc-web', 'http', 'http_proxy', 'http2', 'https', 'tls'],
  ...['mongo', 'redis', 'mysql'],
])
/**
 * Those for which a proxy can look up the host of each request. Releases before 1.30 allow fewer. HTTPS is left to
 * the rule `wildcard-tls-port`: where validation is off, a waypoint reads it as TLS.
 */
const DYNAMIC_PROTOCOLS: ReadonlySet<string> = new Set(['http', 'http2', 'grpc', 'tls', 'https'])
/** Resolutions that allow a block of addresses. */
const WITH_BLOCKS = ['NONE', 'STATIC']

/**
 * A ServiceEntry (its resource definition; `validation.go` ValidateServiceEntry). Only what every
 * release with ambient mode rejects is checked, and not the types of other fields.
 */
export function checkServiceEntry(spec: Field, report: ReportProblem): void {
  const resolution = spec.get('resolution')
  const mode = resolution.exists ? resolution.text : 'NONE'
  const hosts = spec.get('hosts')
  const endpoints = spec.get('endpoints')
  if (spec.isMapping && !hosts.isOpaque && hosts.isEmpty)
    report(problemAt(hosts.exists ? hosts.path : spec.path, 'at least one host is required.'))
  for (const host of hosts.itemsWhere((text) => text === '*'))
    report(problemAt(host.path, 'hostname cannot be wildcard.'))
  if (endpoints.exists && spec.get('workloadSelector').exists)
    report(
      problemAt(endpoints.path, 'only one of workloadSelector or endpoints can be set.', {
        on: 'key',
      }),
    )
  checkPorts(spec.get('ports'), report)
  if (mode === undefined) return
  if (mode === 'NONE' && endpoints.exists)
    report(problemAt(endpoints.path, 'NONE mode cannot set endpoints.', { on: 'key' }))
  if (!WITH_BLOCKS.includes(mode))
    for (const block of spec.get('addresses').itemsWhere((text) => text.includes('/')))
      report(
        problemAt(block.path, 'CIDR addresses are allowed only for NONE/STATIC resolution types.'),
      )
  if (BY_NAME.includes(mode) && endpoints.isEmpty && !endpoints.isOpaque)
    for (const host of hosts.itemsWhere((text) => text.includes('*') && text !== '*').slice(0, 1))
      report(
        problemAt(
          host.path,
          `a wildcard host needs endpoints with resolution ${mode}, or resolution DYNAMIC_DNS.`,
        ),
      )
  if (mode === 'DYNAMIC_DNS') checkDynamic(spec, report)
}

/** Hosts that a proxy looks up for each request. */
function checkDynamic(spec: Field, report: ReportProblem): void {
  for (const host of spec.get('hosts').itemsWhere((text) => !text.includes('*')))
    report(problemAt(host.path, 'the host must be a wildcard with resolution DYNAMIC_DNS.'))
  for (const name of ['addresses', 'endpoints'])
    if (!spec.get(name).isEmpty)
      report(
        problemAt(spec.get(name).path, 'cannot be set with resolution DYNAMIC_DNS.', { on: 'key' }),
      )
  for (const port of spec.get('ports').items) {
    const protocol = port.get('protocol')
    if (!port.isMapping || protocol.isOpaque) continue
    if (!DYNAMIC_PROTOCOLS.has(protocol.text?.toLowerCase() ?? ''))
      report(
        problemAt(
          protocol.path,
          'only HTTP, HTTP2, GRPC and TLS are supported with resolution DYNAMIC_DNS.',
        ),
      )
  }
}

function checkPorts(ports: Field, report: ReportProblem): void {
  for (const port of ports.items) {
    if (!port.isMapping) continue
    for (const name of ['number', 'name'])
      if (!port.get(name).exists) report(problemAt([...port.path, name], 'Required value.'))
    const protocol = port.get('protocol').text
    if (protocol !== undefined && protocol !== '' && !PROTOCOLS.has(protocol.toLowerCase()))
      report(problemAt(port.get('protocol').path, `unsupported protocol "${protocol}".`))
  }
  checkDifferent(ports, 'number', { report, words: 'port number cannot be duplicated.' })
  checkDifferent(ports, 'name', { report, words: 'Duplicate value.' })
}

/** Reports the ports whose value of a field another port before them has. */
function checkDifferent(
  ports: Field,
  name: 'number' | 'name',
  { report, words }: { readonly report: ReportProblem; readonly words: string },
): void {
  const seen = new Set<string>()
  for (const port of ports.items) {
    const { node, isOpaque, path } = port.get(name)
    if (node?.type !== 'scalar' || isOpaque) continue
    if (seen.has(node.text)) report(problemAt(path, words))
    seen.add(node.text)
  }
}
