import type { Workload } from '../../inventory/workloads.js'
import { assumed, type KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment, type Enrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectWorkloads } from '../../mesh/services.js'
import { matchesLabelSelector } from '../../resources/labelSelector.js'
import type { LabelSelector } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '../../resources/networkPolicy.js'
import type { Labels } from '../../resources/resource.js'
import { contains, parseCidr } from '../../text/ip.js'
import { isEqual } from '../../text/isEqual.js'
import { compact } from '../../text/collections.js'

/** What traffic of the mesh arrives on at a captured pod, and at a waypoint (docs/semantics.md §9). */
export const HBONE_PORT = 15008
/** Where the probes of captured pods come from. */
export const PROBE_ADDRESS = '169.254.7.127'
export const PROBE_ADDRESS_IPV6 = 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff'

/** Every finding about NetworkPolicies rests on it. */
export const ENFORCED = assumed(
  'the network plug-in enforces NetworkPolicy, and no other policy than those in these files admits the traffic',
)

export type Direction = 'Ingress' | 'Egress'

export function rulesOf(policy: NetworkPolicy, direction: Direction): readonly NetworkPolicyRule[] {
  return direction === 'Ingress' ? policy.ingress : policy.egress
}

/** Whether another tool fills in a part of a policy: then nothing is said of it, nor of what it restricts. */
function isFilledIn({ placeholders }: NetworkPolicy): boolean {
  return placeholders.some(([first]) => first === 'spec')
}

/** Whether what the files say of NetworkPolicies in a namespace is whole. */
export const knowsNetworkPolicies = query(
  'knows NetworkPolicies',
  (mesh, namespace: string): boolean => {
    return (
      !mesh.hasOpaque('NetworkPolicy') &&
      !mesh.inNamespace('NetworkPolicy', namespace).some(isFilledIn)
    )
  },
)

/** A pod, real or to be made, as NetworkPolicies see it. */
export interface PodPlace {
  readonly namespace: string
  readonly labels: Labels | undefined
}

/** The policies that restrict a pod in a direction, in the order of their names. */
export function restricting(
  mesh: Mesh,
  pod: PodPlace,
  direction: Direction,
): readonly NetworkPolicy[] {
  const found = mesh
    .inNamespace('NetworkPolicy', pod.namespace)
    .filter(
      (policy) => policy.policyTypes.includes(direction) && selects(policy.podSelector, pod.labels),
    )
  return compact(found.length < 2 ? found : found.sort((a, b) => (a.name < b.name ? -1 : 1)))
}

/** The same of a workload, asked by many rules. */
export const restrictingOf = query(
  'NetworkPolicies of workload',
  (mesh, workload: Workload): Readonly<Record<Direction, readonly NetworkPolicy[]>> => {
    const pod = placeOf(workload)
    return { Ingress: restricting(mesh, pod, 'Ingress'), Egress: restricting(mesh, pod, 'Egress') }
  },
)

export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector === undefined || matchesLabelSelector(selector, labels)
}

/** The workloads of a namespace that a selector means, looked up by its labels where it has some. */
function podsSelected(
  mesh: Mesh,
  selector: LabelSelector | undefined,
  namespace: string,
): readonly Workload[] {
  return selectWorkloads(mesh, selector?.matchLabels, namespace).filter((workload) =>
    selects(selector, podLabels(workload)),
  )
}

/** The captured workloads that a policy selects. Host-network pods are no business of the plug-in. */
export const capturedPodsOf = query(
  'captured pods of NetworkPolicy',
  (
    mesh,
    policy: NetworkPolicy,
  ): readonly { readonly workload: Workload; readonly certainty: KnownCertainty }[] => {
    return compact(
      podsSelected(mesh, policy.podSelector, policy.namespace).flatMap((workload) => {
        if (workload.type === 'WorkloadEntry') return []
        const enrolment = mesh.get(enrolmentOf, workload)
        return enrolment.mode === 'ambient' && isEvident(mesh, enrolment)
          ? [{ workload, certainty: enrolment.certainty }]
          : []
      }),
    )
  },
)

/** Whether more than Istio's presence in the user's mind says how pods are enrolled: a NetworkPolicy alone, unlike a policy of Istio's, does not speak for a mesh. */
function isEvident(mesh: Mesh, { certainty, evidence }: Enrolment): boolean {
  return (
    certainty.level === 'certain' ||
    evidence.length > 0 ||
    mesh.userSettings.assumeAmbient !== undefined ||
    mesh.settings.install === 'ambient'
  )
}

export function placeOf(workload: Workload): PodPlace {
  return { namespace: workload.namespace, labels: podLabels(workload) }
}

/** Whether a rule admits a TCP port; a name stands for what the pod calls so. */
export function admitsPort({ ports }: NetworkPolicyRule, port: number, pod?: Workload): boolean {
  return (
    ports === undefined ||
    ports.length === 0 ||
    ports.some((entry) => entryAdmits(entry, port, pod))
  )
}

function entryAdmits(
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

export function admitsEverybody({ peers }: NetworkPolicyRule): boolean {
  return peers === undefined || peers.length === 0
}

/** Whether a rule admits an address. */
export function admitsAddress(rule: NetworkPolicyRule, text: string): boolean {
  const address = parseCidr(text)
  return (
    admitsEverybody(rule) ||
    (rule.peers ?? []).some(({ cidr }) => {
      const block = cidr === undefined ? undefined : parseCidr(cidr)
      return block !== undefined && address !== undefined && contains(block, address)
    })
  )
}

/**
 * Whether a peer of a rule is a pod: by its labels and those of its namespace. `unknown` where the files do not tell the labels of the namespace, or an address
 * block may hold the pod.
 */
export function admitsPod(
  mesh: Mesh,
  policy: NetworkPolicy,
  rule: NetworkPolicyRule,
  pod: PodPlace,
): boolean | 'unknown' {
  if (admitsEverybody(rule)) return true
  const answers = (rule.peers ?? []).map((peer) => isPeer(mesh, { policy, peer, pod }))
  return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false
}

function isPeer(
  mesh: Mesh,
  {
    policy,
    peer,
    pod,
  }: { readonly policy: NetworkPolicy; readonly peer: NetworkPolicyPeer; readonly pod: PodPlace },
): boolean | 'unknown' {
  if (peer.cidr !== undefined) return isNode(peer.cidr) ? false : 'unknown'
  if (!selects(peer.podSelector, pod.labels)) return false
  if (peer.namespaceSelector === undefined) return policy.namespace === pod.namespace
  return selectsNamespace(mesh, peer.namespaceSelector, pod.namespace)
}

/** Whether a block holds nothing but the address of probes. */
function isNode(cidr: string): boolean {
  const block = parseCidr(cidr)
  return (
    block !== undefined &&
    [PROBE_ADDRESS, PROBE_ADDRESS_IPV6].some((address) => isEqual(block, parseCidr(address)))
  )
}

/** Whether a rule admits what arrives on the port of the mesh from anybody but the kubelet. */
export function admitsHbone(rule: NetworkPolicyRule, pod?: Workload): boolean {
  return (
    admitsPort(rule, HBONE_PORT, pod) &&
    (admitsEverybody(rule) ||
      (rule.peers ?? []).some(({ cidr }) => cidr === undefined || !isNode(cidr)))
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

/** Who a rule speaks of, as far as clients or servers of the mesh go. */
type MeshPeers =
  /** Some of them are in the mesh. */
  | { readonly kind: 'mesh'; readonly certainty: KnownCertainty }
  /** `outside`: none is in the mesh; `unknown`: the files do not tell. */
  | { readonly kind: 'outside' | 'unknown' }

/** Whether the peers of a rule are pods whose traffic travels as HBONE. */
export function meshPeers(mesh: Mesh, policy: NetworkPolicy, rule: NetworkPolicyRule): MeshPeers {
  const found = (rule.peers ?? []).map((peer) => meshPeer(mesh, policy, peer))
  const inMesh = found.filter((peers) => peers.kind === 'mesh')
  const best = inMesh.find(({ certainty }) => certainty.level === 'certain') ?? inMesh[0]
  if (best) return best
  const outside = found.length > 0 && found.every(({ kind }) => kind === 'outside')
  return { kind: outside ? 'outside' : 'unknown' }
}

function meshPeer(mesh: Mesh, policy: NetworkPolicy, peer: NetworkPolicyPeer): MeshPeers {
  if (peer.cidr !== undefined) return { kind: 'unknown' }
  const namespaces =
    peer.namespaceSelector === undefined
      ? [policy.namespace]
      : namespacesOf(mesh, peer.namespaceSelector)
  const pods = namespaces.flatMap((namespace) => podsSelected(mesh, peer.podSelector, namespace))
  const enrolments =
    pods.length > 0
      ? pods.map((workload) => mesh.get(enrolmentOf, workload))
      : namespaces.map((namespace) => mesh.get(namespaceEnrolment, namespace))
  // A sidecar talks HBONE to captured pods too.
  const speaking = enrolments.flatMap((enrolment) =>
    (enrolment.mode === 'ambient' || enrolment.mode === 'sidecar') && isEvident(mesh, enrolment)
      ? [enrolment.certainty]
      : [],
  )
  const best = speaking.find(({ level }) => level === 'certain') ?? speaking[0]
  if (best) return { kind: 'mesh', certainty: best }
  const outside =
    enrolments.length > 0 &&
    enrolments.every(({ mode, certainty }) => mode === 'none' && certainty.level === 'certain')
  return { kind: outside ? 'outside' : 'unknown' }
}

/** The namespaces that a selector surely means: those whose labels the files show, or that it names. */
function namespacesOf(mesh: Mesh, selector: LabelSelector): string[] {
  const described = mesh
    .all('Namespace')
    .filter(({ name, labels }) =>
      matchesLabelSelector(selector, { ...labels, 'kubernetes.io/metadata.name': name }),
    )
    .map(({ name }) => name)
  const named = selector.matchLabels?.['kubernetes.io/metadata.name']
  const only =
    named !== undefined && matchesLabelSelector(selector, { 'kubernetes.io/metadata.name': named })
      ? [named]
      : []
  return [...new Set([...described, ...only])]
}
