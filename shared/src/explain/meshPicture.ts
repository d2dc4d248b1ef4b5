import type { Verdict } from '../access/request.js'

/**
 * A picture of connections, as plain data. `L` is the type of a link into a file: an object in this room, a location
 * in an editor.
 */
export interface MeshPicture<L> {
  readonly title: string
  readonly nodes: readonly PictureNode<L>[]
  readonly edges: readonly PictureEdge<L>[]
}

export interface PictureNode<L> {
  readonly id: string
  readonly kind: 'client' | 'outside' | 'waypoint' | 'ztunnel' | 'sidecar' | 'workload'
  readonly title: string
  readonly subtitle: string
  readonly link: L | null
}

export interface PictureEdge<L> {
  readonly from: string
  readonly to: string
  /** The identity that the destination of the edge sees. */
  readonly label: string
  readonly verdict: Verdict
  /** The reason of the verdict, in words. */
  readonly why: string
  readonly link: L | null
}
