import {
  NO_PROXY,
  reasonInWords,
  shortPrincipal,
  type EvaluateAnswer,
  type EvaluateHop,
  type MeshPicture,
  type PictureEdge,
  type PictureNode,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import { draftInWords, type RequestDraft } from '../commands/requestDraft.js'
import { linkOf, type Link } from '../views/link.js'

type Node = PictureNode<Link>
type Edge = PictureEdge<Link>

/** The path of one request: client → waypoint → ztunnel or sidecar → pod, with the identity on each edge. */
export function requestPicture(draft: RequestDraft, answer: EvaluateAnswer): MeshPicture<Link> {
  const nodes: Node[] = [clientNode(draft)]
  const edges: Edge[] = []
  let waypoint: { readonly id: string; readonly hop: EvaluateHop } | undefined
  for (const [index, hop] of answer.hops.entries()) {
    const id = `hop${index}`
    nodes.push({
      id,
      kind: hop.point,
      title: hop.name,
      subtitle: l10n.t('{0}, port {1}', hop.point, hop.port),
      link: null,
    })
    // Each waypoint starts a new path from the client. The next hops are behind this waypoint.
    const previous = hop.point === 'waypoint' ? undefined : waypoint
    edges.push(
      edge({
        from: previous?.id ?? 'client',
        to: id,
        hop,
        verdict: previous?.hop.verdict ?? 'allow',
        why: previous ? reasonInWords(previous.hop) : '',
      }),
    )
    if (hop.point === 'waypoint') waypoint = { id, hop }
    const isLast =
      hop.point !== 'waypoint' || hop.verdict === 'deny' || index === answer.hops.length - 1
    if (!isLast) continue
    const pod = `pod${index}`
    nodes.push({
      id: pod,
      kind: 'workload',
      title: hop.point === 'waypoint' ? (draft.to?.name ?? l10n.t('destination')) : hop.name,
      subtitle:
        hop.point === 'waypoint' ? l10n.t('destination') : l10n.t('pod, port {0}', hop.port),
      link: null,
    })
    edges.push({
      ...edge({ from: id, to: pod, hop, verdict: hop.verdict, why: reasonInWords(hop) }),
      link: linkOf(hop),
    })
  }
  if (answer.hops.length === 0) {
    nodes.push({
      id: 'pod',
      kind: 'workload',
      title: draft.to?.name ?? l10n.t('destination'),
      subtitle: NO_PROXY,
      link: null,
    })
    edges.push({
      from: 'client',
      to: 'pod',
      label: identityText(null),
      verdict: answer.verdict,
      why: NO_PROXY,
      link: null,
    })
  }
  return { title: draftInWords(draft), nodes, edges }
}

function clientNode({ from }: RequestDraft): Node {
  if (from && 'ip' in from)
    return {
      id: 'client',
      kind: 'outside',
      title: from.ip,
      subtitle: l10n.t('outside the mesh'),
      link: null,
    }
  return {
    id: 'client',
    kind: 'client',
    title: from ? `${from.namespace}/${from.serviceAccount}` : l10n.t('client'),
    subtitle: l10n.t('client'),
    link: null,
  }
}

function edge({
  from,
  to,
  hop,
  verdict,
  why,
}: {
  readonly from: string
  readonly to: string
  readonly hop: EvaluateHop
  readonly verdict: Verdict
  readonly why: string
}): Edge {
  return { from, to, label: identityText(hop.identity), verdict, why, link: null }
}

/** `cluster.local/ns/shop/sa/web` → `shop/web`. */
function identityText(identity: string | null): string {
  return identity === null ? l10n.t('no identity') : shortPrincipal(identity)
}
