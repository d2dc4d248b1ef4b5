import type { Gateway } from '../../resources/gateway.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { serves } from '../../mesh/waypointGateway.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { WaypointChain } from '../../waypoint/attachment.js'
import { isOpaque } from '../../waypoint/portProtocol.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn, isFilledIn, isRuleFilledIn } from '../support/filledIn.js'
import type { RuleAttribute } from '../support/ruleAttributes.js'
import { firstThatFits, listed, quoted } from '../support/words.js'
import {
  attachmentsOf,
  chainsOfWaypoint,
  reportableAttachments,
  type Attachment,
} from '../support/waypointAttachments.js'
import { matchesPort } from '../../waypoint/chainPorts.js'
import { httpAttributesOf, portsOf } from './tcpPorts.js'

export const tcpPortL7Rule = defineRule({
  name: 'tcp-port-l7-rule',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      (policy.action !== 'ALLOW' && policy.action !== 'DENY') ||
      isActionFilledIn(policy) ||
      isDryRun(policy)
    )
      return
    const attributes = httpAttributesOf(mesh, policy)
    const attachments = attributes.length > 0 ? mesh.get(attachmentsOf, policy) : []
    if (attachments.length === 0) return
    const httpRules = new Set(attributes.map(({ rule }) => rule))
    let reportedForAllPorts = false
    for (const index of [...httpRules].filter((rule) => !isRuleFilledIn(policy, rule))) {
      // ALLOW rules without ports fail on the same ports: only the first is reported.
      if (reportedForAllPorts && policy.action === 'ALLOW' && !namesPorts(policy, index)) continue
      const ofRule = attributes.filter(({ rule }) => rule === index)
      const hits = attachments
        .map((attachment) => ({ attachment, tcp: tcpHits(mesh, policy, { attachment, ofRule }) }))
        .filter(({ tcp }) => tcp.length > 0)
      const known = reportableAttachments(hits.map(({ attachment }) => attachment))
      const [first] = hits
        .filter(({ attachment }) => known?.attachments.includes(attachment))
        .flatMap(({ tcp }) => tcp)
      if (!known || !first) continue
      reportedForAllPorts ||= !namesPorts(policy, index)
      report({
        message: messageOf(policy, first),
        path: first.attribute.path,
        on: first.attribute.on,
        certainties: known.certainties,
        related: [
          {
            resource: first.service,
            path: ['spec', 'ports'],
            message: `${first.service.type} "${first.service.name}" has TCP on ${portLabel(first.ports)}.`,
          },
          ...known.evidence,
        ],
        fixes: () => (policy.action === 'DENY' ? limitToHttp(policy, index, attachments) : []),
      })
    }
  },
})

/** TCP ports of one Service on which a rule with HTTP attributes does not do what it says. */
interface TcpHit {
  readonly service: Service | ServiceEntry
  readonly ports: readonly number[]
  readonly attribute: RuleAttribute
}

function tcpHits(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  {
    attachment,
    ofRule,
  }: { readonly attachment: Attachment; readonly ofRule: readonly RuleAttribute[] },
): TcpHit[] {
  return tcpChainsOf(mesh, attachment).flatMap(({ chain, ports: tcp }): TcpHit[] => {
    const { service } = chain
    for (const attribute of ofRule) {
      const ports = tcp.filter((port) => isMisapplied(mesh, policy, { chain, attribute, port }))
      if (service && ports.length > 0) return [{ service, ports, attribute }]
    }
    return []
  })
}

/** A chain for a Service with TCP ports. */
interface TcpChain {
  readonly chain: WaypointChain
  readonly ports: readonly number[]
}

function tcpChainsOf(
  mesh: Mesh,
  { allTraffic, gateways, chains }: Attachment,
): readonly TcpChain[] {
  return allTraffic
    ? gateways.flatMap((gateway) => mesh.get(tcpChainsOfWaypoint, gateway))
    : withTcpPorts(chains)
}

const tcpChainsOfWaypoint = query('TCP chains of waypoint', (mesh, gateway: Gateway) =>
  withTcpPorts(mesh.get(chainsOfWaypoint, gateway)),
)

function withTcpPorts(chains: readonly WaypointChain[]): readonly TcpChain[] {
  return chains.flatMap((chain) => {
    const ports = (chain.service ? portsOf(chain.service) : [])
      .filter(({ protocol }) => isOpaque(protocol))
      .map(({ port }) => port)
    return ports.length > 0 ? [{ chain, ports }] : []
  })
}

function isMisapplied(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  {
    chain,
    attribute,
    port,
  }: { readonly chain: WaypointChain; readonly attribute: RuleAttribute; readonly port: number },
): boolean {
  const rule = policy.rules[attribute.rule]
  if (!rule) return false
  const at =
    attribute.entry[3] === 'to' && typeof attribute.entry[4] === 'number'
      ? attribute.entry[4]
      : undefined
  if (policy.action === 'DENY')
    return matchesPort(rule, port, at === undefined ? undefined : [rule.to?.[at]])
  // A rule without ports is fine where it matches on another port, and another ALLOW rule covers the TCP port.
  return (
    matchesPort(rule, port) &&
    (namesPort(policy, attribute.rule, port) ||
      !hasHttpPort(mesh, policy) ||
      !policiesAtWaypoint(mesh, chain).some((other) => allowsPort(mesh, other, port)))
  )
}

/** Whether a rule with HTTP attributes can match at any of the waypoints of a policy: not where every port is TCP. */
function hasHttpPort(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  return mesh
    .get(attachmentsOf, policy)
    .flatMap(({ chains }) => chains)
    .some(({ gateway, service }) =>
      service
        ? isFilledIn(service, ['spec', 'ports']) ||
          portsOf(service).some(({ protocol }) => protocol === 'http' || protocol === 'sniffed')
        : serves(mesh, gateway, 'workload'),
    )
}

function namesPorts({ rules }: AuthorizationPolicy, index: number): boolean {
  return (rules[index]?.to ?? []).some((operation) => operation?.ports !== undefined)
}

function namesPort({ rules }: AuthorizationPolicy, index: number, port: number): boolean {
  return (rules[index]?.to ?? []).some((operation) =>
    operation?.ports?.some((value) => Number(value) === port),
  )
}

/** Whether an ALLOW policy has a rule without HTTP attributes for a TCP port. */
function allowsPort(mesh: Mesh, policy: AuthorizationPolicy, port: number): boolean {
  if (policy.action !== 'ALLOW' || isDryRun(policy)) return false
  const http = new Set(httpAttributesOf(mesh, policy).map(({ rule }) => rule))
  return policy.rules.some(
    (rule, index) => !http.has(index) && (isRuleFilledIn(policy, index) || matchesPort(rule, port)),
  )
}

function messageOf(policy: AuthorizationPolicy, { service, ports, attribute }: TcpHit): string {
  const where = `TCP ${portLabel(ports)} of ${service.type} ${quoted(service.name, 24)}`
  const reason = `${quoted(attribute.name, 32)} needs HTTP`
  const { from, when } = policy.rules[attribute.rule] ?? {}
  const effect =
    policy.action === 'ALLOW'
      ? 'allows no connection'
      : `denies every connection${from || when ? ' that its other fields match' : ''}`
  return firstThatFits(
    `This rule ${effect} on ${where}: ${reason}.`,
    `This rule ${effect} on ${where}.`,
  )
}

function portLabel(ports: readonly number[]): string {
  const shown = ports.length > 4 ? ports.slice(0, 3) : ports
  const others = ports.length - shown.length
  const names = [...shown.map(String), ...(others > 0 ? [`${others} others`] : [])]
  return `${ports.length === 1 ? 'port' : 'ports'} ${listed(names)}`
}

/** Limits a DENY rule to the ports of its targets that are not TCP. Never safe: it then denies less. */
function limitToHttp(
  policy: AuthorizationPolicy,
  index: number,
  attachments: readonly Attachment[],
): Fix[] {
  const served = attachments.flatMap(({ chains }) =>
    chains.flatMap(({ service }) => (service ? portsOf(service) : [])),
  )
  const tcp = new Set(served.filter(({ protocol }) => isOpaque(protocol)).map(({ port }) => port))
  const http = [
    ...new Set(
      served
        .filter(
          ({ protocol, port }) => (protocol === 'http' || protocol === 'sniffed') && !tcp.has(port),
        )
        .map(({ port }) => String(port)),
    ),
  ]
  const operations = policy.rules[index]?.to ?? []
  const path = ['spec', 'rules', index, 'to']
  if (http.length === 0 || operations.some((operation) => operation?.notPorts)) return []
  const limited = operations.map((operation) =>
    operation?.ports ? operation.ports.filter((port) => !tcp.has(Number(port))) : http,
  )
  if (limited.some((ports) => ports.length === 0)) return []
  const edits: Edit[] =
    operations.length === 0
      ? [{ op: 'set', resource: policy, path, value: [{ operation: { ports: http } }] }]
      : limited.flatMap((ports, at) =>
          ports.join() === operations[at]?.ports?.join()
            ? []
            : [
                {
                  op: 'set',
                  resource: policy,
                  path: [...path, at, 'operation', 'ports'],
                  value: ports,
                },
              ],
        )
  return [
    {
      title: `Limit the rule to ${http.length === 1 ? 'port' : 'ports'} ${listed(http)}`,
      preferred: true,
      safe: false,
      edits,
    },
  ]
}
