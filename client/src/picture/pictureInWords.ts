import type { MeshPicture, PictureEdge, PictureNode, Verdict } from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: l10n.t('allowed'),
  deny: l10n.t('denied'),
  undecided: l10n.t('depends on the request'),
}

const KINDS: Readonly<Record<PictureNode<unknown>['kind'], string>> = {
  client: l10n.t('Client'),
  outside: l10n.t('Client outside the mesh'),
  waypoint: l10n.t('Waypoint'),
  ztunnel: 'ztunnel',
  sidecar: l10n.t('Sidecar'),
  workload: l10n.t('Workload'),
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
  const way =
    label === ''
      ? l10n.t('{0} to {1}', name(from), name(to))
      : l10n.t('{0} to {1} as {2}', name(from), name(to), label)
  return `${way}: ${VERDICTS[verdict]}${why === '' ? '' : ` – ${why}`}`
}
