import type { StatusExplanation } from '../explanation.js'

/** A part of a page, in plain text. The renderers decide how it looks. */
export type Block =
  | {
      readonly type: 'title'
      readonly kind: string
      readonly name: string
      readonly summary: string
    }
  | { readonly type: 'table'; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly type: 'list'; readonly title: string | undefined; readonly items: readonly Item[] }

export interface Row {
  readonly cells: readonly string[]
  readonly mark: 'yes' | 'maybe' | 'no'
}

export interface Item {
  readonly label?: string
  readonly text: string
}

/** A longer list ends in "and 5 more". */
const MAX_ITEMS = 8

export function statusItems(status: StatusExplanation | null): Item[] {
  return status
    ? [{ label: status.type, text: `${status.status}, ${status.reason}: ${status.message}` }]
    : []
}

export function list(title: string | undefined, items: readonly Item[]): Block {
  return { type: 'list', title, items }
}

export function asItem(text: string): Item {
  return { text }
}

export function limited(items: readonly Item[]): Item[] {
  return items.length > MAX_ITEMS
    ? [
        ...items.slice(0, MAX_ITEMS - 1),
        { text: `and ${String(items.length - MAX_ITEMS + 1)} more` },
      ]
    : [...items]
}

export function limitedRows(rows: readonly Row[]): Row[] {
  const limit = 2 * MAX_ITEMS
  const [first] = rows
  if (rows.length <= limit || !first) return [...rows]
  return [
    ...rows.slice(0, limit - 1),
    {
      cells: first.cells.map((_, at) =>
        at === 0 ? `and ${String(rows.length - limit + 1)} more` : '',
      ),
      mark: 'no',
    },
  ]
}

export function limitedNames(names: readonly string[]): string {
  return names.length > MAX_ITEMS
    ? `${names.slice(0, MAX_ITEMS - 1).join(', ')} and ${String(names.length - MAX_ITEMS + 1)} more`
    : names.join(', ')
}
