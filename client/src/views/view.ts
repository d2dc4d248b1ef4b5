import type { Verdict } from '@istio-ambient-policy/shared'
import type { Drawing } from '../picture/drawing.js'

/** A piece of text. `link` is the number of the place that it opens. */
export interface Cell {
  readonly text: string
  readonly link?: number
  /** Shown while the pointer is over the text. */
  readonly tooltip?: string
  readonly verdict?: Verdict
  /** More pieces, each on its own line. */
  readonly more?: readonly Cell[]
}

export interface ViewTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A header of the matrix. */
export interface MatrixHeader {
  /** Neighbours of the same group are one group of rows or columns, such as a namespace. */
  readonly group: string
  readonly label: string
  /** Everything that the label leaves out. */
  readonly title: string
  readonly link?: number
}

/** The verdicts of a matrix: allow, deny, undecided, partly (depends on the request), unknown (not evaluated). */
export const MATRIX_SIGNS = ['a', 'd', 'u', 'p', '-'] as const
export type MatrixSign = (typeof MATRIX_SIGNS)[number]

/** Who can reach what: a row for each group of clients, a column for each destination. */
export interface ViewMatrix {
  /** Different for each content. */
  readonly id: number
  readonly caption: string
  readonly columns: readonly MatrixHeader[]
  readonly rows: readonly (MatrixHeader & {
    /** Whether the clients are outside the mesh. */
    readonly outside: boolean
    /** A sign for each column. */
    readonly cells: readonly MatrixSign[]
    /** For each column, how many kinds of requests the destination tells apart. */
    readonly kinds: readonly number[]
  })[]
}

/** The content of a page: plain data without markup. */
export interface View {
  readonly kind: 'answer' | 'connections' | 'access' | 'comparison' | 'log'
  readonly title: string
  readonly heading: string
  /** The answer in one sentence. A `notice` is something that a reviewer looks at. */
  readonly verdict?: { readonly verdict: Verdict | 'notice'; readonly text: string }
  /** Sentences below the verdict. */
  readonly lead?: readonly string[]
  readonly actions: readonly { readonly id: string; readonly label: string }[]
  readonly tables: readonly ViewTable[]
  readonly notes: readonly { readonly heading: string; readonly texts: readonly string[] }[]
  readonly picture?: PictureView
  readonly matrix?: ViewMatrix
  /** What is shown about one cell of the matrix. */
  readonly detail?: { readonly heading: string; readonly table: ViewTable }
}

export interface PictureView {
  readonly drawing: Drawing
  /** The same picture from top to bottom, for a narrow panel. */
  readonly tall: Drawing
  /** The picture in words: one line for each edge. */
  readonly words: readonly Cell[]
  /** The numbers of places by the part of the picture, such as `node 3`. */
  readonly links: Readonly<Record<string, number>>
}

/** A message of the page to the extension. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly link: number }
  | { readonly type: 'action'; readonly id: string }
  | { readonly type: 'cell'; readonly row: number; readonly column: number }

/** A message of the page; undefined if it is not valid. */
export function decodePageMessage(value: unknown): PageMessage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  if (value.type === 'ready') return { type: 'ready' }
  if (value.type === 'open' && 'link' in value && isIndex(value.link))
    return { type: 'open', link: value.link }
  if (
    value.type === 'cell' &&
    'row' in value &&
    isIndex(value.row) &&
    'column' in value &&
    isIndex(value.column)
  )
    return { type: 'cell', row: value.row, column: value.column }
  if (value.type === 'action' && 'id' in value && typeof value.id === 'string')
    return { type: 'action', id: value.id }
  return undefined
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
