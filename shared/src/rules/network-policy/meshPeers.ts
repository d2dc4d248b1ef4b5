import type { KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { LabelSelector } from '../../resources/gateway.js'
import { matchesLabelSelector } from '../../resources/labelSelector.js'
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from '../../resources/networkPolicy.js'
import { NONE } from '../../text/collections.js'
import { splitOnce } from '../../text/splitOnce.js'
import { isEnrolmentEvident } from '../support/evidentEnrolment.js'
import { podsSelected } from './networkPolicies.js'

/** Whether the peers of a rule are in the mesh. */
type MeshPeers =
  /** Some are in the mesh. */
  | { readonly kind: 'mesh'; readonly certainty: KnownCertainty }
  /** `outside`: none is in the mesh; `unknown`: not known from the files. */
  | { readonly kind: 'outside' | 'unknown' }

/** Whether peers of a rule use HBONE. */
export function meshPeers(mesh: Mesh, policy: NetworkPolicy, rule: NetworkPolicyRule): MeshPeers {
  const found = (rule.peers ?? []).map((peer) => mesh.get(meshPeer, peerKey(policy, peer)))
  const inMesh = found.filter((peers) => peers.kind === 'mesh')
  const best = inMesh.find(({ certainty }) => certainty.level === 'certain') ?? inMesh[0]
  if (best) return best
  const outside = found.length > 0 && found.every(({ kind }) => kind === 'outside')
  return { kind: outside ? 'outside' : 'unknown' }
}

/** The same for one peer: one fact for all policies with equal peers. */
const meshPeer = query('peer in the mesh', (mesh, key: string): MeshPeers => {
  const [where] = splitOnce(key, '\n')
  const peer = mesh.get(peersIn, where).get(key)
  if (!peer || peer.cidr !== undefined) return { kind: 'unknown' }
  const namespaces =
    peer.namespaceSelector === undefined ? [where] : namespacesOf(mesh, peer.namespaceSelector)
  const pods = namespaces.flatMap((namespace) => podsSelected(mesh, peer.podSelector, namespace))
  const enrolments =
    pods.length > 0
      ? pods.map((workload) => mesh.get(enrolmentOf, workload))
      : namespaces.map((namespace) => mesh.get(namespaceEnrolment, namespace))
  // Sidecars also use HBONE to captured pods.
  const usingHbone = enrolments.flatMap((enrolment) =>
    (enrolment.mode === 'ambient' || enrolment.mode === 'sidecar') &&
    isEnrolmentEvident(mesh, enrolment)
      ? [enrolment.certainty]
      : [],
  )
  const best = usingHbone.find(({ level }) => level === 'certain') ?? usingHbone[0]
  if (best) return { kind: 'mesh', certainty: best }
  const outside =
    enrolments.length > 0 &&
    enrolments.every(({ mode, certainty }) => mode === 'none' && certainty.level === 'certain')
  return { kind: outside ? 'outside' : 'unknown' }
})

/** The class of the equal peers of policies in a namespace. */
function peerKey({ namespace }: NetworkPolicy, peer: NetworkPolicyPeer): string {
  return `${namespace}\n${JSON.stringify(peer)}`
}

const peersIn = query(
  'peers of NetworkPolicies',
  (mesh, namespace: string): ReadonlyMap<string, NetworkPolicyPeer> =>
    new Map(
      mesh
        .inNamespace('NetworkPolicy', namespace)
        .flatMap((policy) =>
          [...policy.ingress, ...policy.egress].flatMap(({ peers = NONE }) =>
            peers.map((peer) => [peerKey(policy, peer), peer] as const),
          ),
        ),
    ),
)

/** The namespaces that a selector certainly matches: by labels in the files, or by name. */
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
