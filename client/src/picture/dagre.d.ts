/**
 * The part of the library that is used here. Its own types do not resolve in ES modules: they import without file
 * extensions.
 */
declare module '@dagrejs/dagre' {
  export interface Placed {
    readonly x?: number
    readonly y?: number
    readonly width?: number
    readonly height?: number
    readonly points?: readonly { readonly x: number; readonly y: number }[]
  }

  export class Graph {
    constructor(options: { readonly multigraph: boolean })
    setGraph(options: {
      readonly rankdir: 'LR' | 'TB'
      readonly nodesep: number
      readonly edgesep: number
      readonly ranksep: number
      readonly marginx: number
      readonly marginy: number
    }): void
    setNode(id: string, size: { readonly width: number; readonly height: number }): void
    setEdge(
      from: string,
      to: string,
      label: { readonly width: number; readonly height: number; readonly labelpos: 'c' },
      name: string,
    ): void
    graph(): Placed
    node(id: string): Placed
    edge(edge: { readonly v: string; readonly w: string; readonly name: string }): Placed
  }

  /** Writes the positions into the graph, its nodes and its edges. */
  export function layout(graph: Graph): void
}
