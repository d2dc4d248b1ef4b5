import { Graph, layout } from '@dagrejs/dagre'
import type { MeshPicture } from '@istio-ambient-policy/shared'

/** A rectangle; `x` and `y` are its centre. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The positions of all parts, in the order of the nodes and edges of the picture. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Box[]
  readonly edges: readonly {
    readonly points: readonly { readonly x: number; readonly y: number }[]
    readonly label: Box
  }[]
}

const MARGIN = 16
const NODE_HEIGHT = 48
const LABEL_HEIGHT = 18
/** Approximate width of a character: the extension cannot measure text. */
const TITLE_WIDTH = 7.6
const LABEL_WIDTH = 6.4

/** The direction of the traffic: from left to right, or from top to bottom where there is little width. */
export type Direction = 'right' | 'down'

/** Arranges a picture in the direction of the traffic. */
export function layOutPicture(
  { nodes, edges }: MeshPicture<unknown>,
  direction: Direction = 'right',
): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: 28,
    edgesep: 14,
    // The label of an edge is beside a line that goes down.
    ranksep: direction === 'right' ? 48 : 22,
    marginx: MARGIN,
    marginy: MARGIN,
  })
  for (const { id, title, subtitle } of nodes)
    graph.setNode(id, { width: nodeWidth(title, subtitle), height: NODE_HEIGHT })
  for (const [index, { from, to, label }] of edges.entries()) {
    graph.setEdge(
      from,
      to,
      { width: label.length * LABEL_WIDTH + 12, height: LABEL_HEIGHT, labelpos: 'c' },
      String(index),
    )
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width,
    height,
    nodes: nodes.map(({ id }) => boxOf(graph.node(id))),
    edges: edges.map(({ from, to }, index) => {
      const edge = graph.edge({ v: from, w: to, name: String(index) })
      return { points: edge.points ?? [], label: boxOf(edge) }
    }),
  }
}

function nodeWidth(title: string, subtitle: string): number {
  return Math.max(110, title.length * TITLE_WIDTH + 28, subtitle.length * LABEL_WIDTH + 28)
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { x, y, width, height }
}
