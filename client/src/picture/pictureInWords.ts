import type { MeshPicture, PictureEdge, PictureNode, Verdict } from '@istio-ambient-policy/shared'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'allowed',
  deny: 'denied',
  undecided: 'depends on the request',
}

const KINDS: Readonly<Record<PictureNode<unknown>['kind'], string>> = {
  client: 'Client',
  outside: 'Client outside the mesh',
  waypoint: 'Waypoint',
  ztunnel: 'ztunnel',
  sidecar: 'Sidecar',
  workload: 'Workload',
}

export function nodeInWords({ kind, title, subtitle }: PictureNode<unknown>): string {
  return `${KINDS[kind]} ${title}${subtitle === '' ? '' : `, ${subtitle}`}`
}

/** `Client shop/web to Waypoint shop/waypoint as shop/web: allowed – no ALLOW policy applies`. */
export function edgeInWords(
  { nodes }: MeshPicture<unknown>,
  { from, to, label, verdict, why }: PictureEdge<unknown>,
): string {
  const name = (id: string): string => {
    const node = nodes.find((candidate) => candidate.id === id)
    return node ? `${KINDS[node.kind]} ${node.title}` : id
  }
  const identity = label === '' ? '' : ` as ${label}`
  const reason = why === '' ? '' : ` – ${why}`
  return `${name(from)} to ${name(to)}${identity}: ${VERDICTS[verdict]}${reason}`
}
