import type { Verdict } from '../access/request.js'

/** A picture of who reaches whom, as plain data. `L` is how a place in a file is named: an object in here, a location for an editor. */
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
  /** The identity under which the traffic arrives. */
  readonly label: string
  readonly verdict: Verdict
  /** Why, in words. */
  readonly why: string
  readonly link: L | null
}
