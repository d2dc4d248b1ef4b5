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

/** The content of a page: plain data without markup. */
export interface View {
  readonly kind: 'answer' | 'connections'
  readonly title: string
  readonly heading: string
  /** Undefined if the page is not about one request. */
  readonly verdict?: { readonly verdict: Verdict; readonly text: string }
  readonly actions: readonly { readonly id: string; readonly label: string }[]
  readonly tables: readonly ViewTable[]
  readonly notes: readonly { readonly heading: string; readonly texts: readonly string[] }[]
  readonly picture: Drawing
  /** The picture in words: one line for each edge. */
  readonly pictureWords: readonly Cell[]
  /** The numbers of places by the part of the picture, such as `node 3`. */
  readonly pictureLinks: Readonly<Record<string, number>>
}

/** A message of the page to the extension. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly link: number }
  | { readonly type: 'action'; readonly id: string }

/** A message of the page; undefined if it is not valid. */
export function decodePageMessage(value: unknown): PageMessage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  if (value.type === 'ready') return { type: 'ready' }
  if (
    value.type === 'open' &&
    'link' in value &&
    typeof value.link === 'number' &&
    Number.isInteger(value.link) &&
    value.link >= 0
  )
    return { type: 'open', link: value.link }
  if (value.type === 'action' && 'id' in value && typeof value.id === 'string')
    return { type: 'action', id: value.id }
  return undefined
}
