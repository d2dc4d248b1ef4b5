import type { Workload } from '../../inventory/workloads.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { LabelSelector } from '../../resources/gateway.js'
import { matchesLabelSelector } from '../../resources/labelSelector.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '../../resources/networkPolicy.js'
import { isEqual } from '../../text/isEqual.js'
import { contains, parseCidr } from '../../text/ip.js'
import { selects, type SelectablePod } from './networkPolicies.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

/** The source address of probes to captured pods. */
export const PROBE_ADDRESS = '169.254.7.127'
export const PROBE_ADDRESS_IPV6 = 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff'

/** Whether a rule allows a TCP port; named ports are those of the pod. */
export function allowsPort({ ports }: NetworkPolicyRule, port: number, pod?: Workload): boolean {
  return (
    ports === undefined ||
    ports.length === 0 ||
    ports.some((entry) => entryAllows(entry, port, pod))
  )
}

function entryAllows(
  { protocol, port, endPort }: NetworkPolicyPort,
  wanted: number,
  pod: Workload | undefined,
): boolean {
  if (protocol !== 'TCP') return false
  if (port === undefined) return true
  if (typeof port === 'number')
    return endPort === undefined ? port === wanted : port <= wanted && wanted <= endPort
  return (
    pod !== undefined &&
    pod.type !== 'WorkloadEntry' &&
    pod.template.ports.some(({ name, containerPort }) => name === port && containerPort === wanted)
  )
}

/** Whether a rule lists TCP ports. */
export function listsTcpPorts({ ports }: NetworkPolicyRule): boolean {
  return ports?.some(({ protocol }) => protocol === 'TCP') ?? false
}

/** Whether the HBONE port is the only TCP port of a rule. */
export function listsHboneOnly({ ports = [] }: NetworkPolicyRule): boolean {
  const listed = ports.filter(({ protocol }) => protocol === 'TCP')
  return listed.length > 0 && listed.every(({ port, endPort }) => port === HBONE_PORT && !endPort)
}

export function allowsAllPeers({ peers }: NetworkPolicyRule): boolean {
  return peers === undefined || peers.length === 0
}

/** Whether a rule allows an IP address. */
export function allowsAddress(rule: NetworkPolicyRule, text: string): boolean {
  const address = parseCidr(text)
  return (
    allowsAllPeers(rule) ||
    (rule.peers ?? []).some(({ cidr }) => {
      const block = cidr === undefined ? undefined : parseCidr(cidr)
      return block !== undefined && address !== undefined && contains(block, address)
    })
  )
}

/**
 * Whether a rule allows a pod, by its labels and those of its namespace. `unknown` where the labels of the
 * namespace are not known from the files, or where an IP block may contain the pod.
 */
export function allowsPod(
  mesh: Mesh,
  policy: NetworkPolicy,
  rule: NetworkPolicyRule,
  pod: SelectablePod,
): boolean | 'unknown' {
  if (allowsAllPeers(rule)) return true
  const answers = (rule.peers ?? []).map((peer) => peerMatchesPod(mesh, { policy, peer, pod }))
  return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false
}

function peerMatchesPod(
  mesh: Mesh,
  {
    policy,
    peer,
    pod,
  }: {
    readonly policy: NetworkPolicy
    readonly peer: NetworkPolicyPeer
    readonly pod: SelectablePod
  },
): boolean | 'unknown' {
  if (peer.cidr !== undefined) return isProbeAddress(peer.cidr) ? false : 'unknown'
  if (!selects(peer.podSelector, pod.labels)) return false
  if (peer.namespaceSelector === undefined) return policy.namespace === pod.namespace
  return selectsNamespace(mesh, peer.namespaceSelector, pod.namespace)
}

/** Whether a block contains only an address of probes. */
function isProbeAddress(cidr: string): boolean {
  const block = parseCidr(cidr)
  return (
    block !== undefined &&
    [PROBE_ADDRESS, PROBE_ADDRESS_IPV6].some((address) => isEqual(block, parseCidr(address)))
  )
}

/** Whether a rule allows HBONE from other clients than the kubelet. */
export function allowsHbone(rule: NetworkPolicyRule, pod?: Workload): boolean {
  return (
    allowsPort(rule, HBONE_PORT, pod) &&
    (allowsAllPeers(rule) ||
      (rule.peers ?? []).some(({ cidr }) => cidr === undefined || !isProbeAddress(cidr)))
  )
}

function selectsNamespace(
  mesh: Mesh,
  selector: LabelSelector,
  namespace: string,
): boolean | 'unknown' {
  const object = mesh.get(namespaceObject, namespace)
  const labels = { ...object?.labels, 'kubernetes.io/metadata.name': namespace }
  if (matchesLabelSelector(selector, labels)) return true
  const names = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...selector.matchExpressions.map(({ key }) => key),
  ]
  const known =
    names.every((name) => name === 'kubernetes.io/metadata.name') && !isUnnamed(namespace)
  return object !== undefined || known ? false : 'unknown'
}
