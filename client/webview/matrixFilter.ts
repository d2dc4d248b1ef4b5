import type { MatrixSign, ViewMatrix } from '../src/views/view.js'
import { element } from './elements.js'
import type { HeaderGroup } from './matrixGroups.js'
import { word } from './words.js'

interface Rows {
  /** The headers of the columns. */
  readonly head: readonly HTMLElement[]
  /** An element with the width of each shown column. */
  readonly widths: readonly HTMLElement[]
  readonly body: readonly HTMLElement[]
  readonly inColumns: readonly HeaderGroup[]
  readonly inRows: readonly HeaderGroup[]
}

const SHOW = {
  all: word('showAllClients'),
  outside: word('showOutside'),
  denied: word('showDenied'),
  depends: word('showDepends'),
} as const

/** The search field and the choice of rows. Both hide rows and columns. */
export function filterBar(matrix: ViewMatrix, rows: Rows): HTMLElement {
  const search = element('input', { type: 'search', placeholder: word('findWhat') })
  const choice = element(
    'select',
    {},
    ...Object.entries(SHOW).map(([value, text]) => element('option', { value, text })),
  )
  const count = element('span', { role: 'status' })
  const apply = (): void => {
    const text = search instanceof HTMLInputElement ? search.value.trim().toLowerCase() : ''
    const show = choice instanceof HTMLSelectElement ? choice.value : 'all'
    count.textContent = filter(matrix, rows, { text, show })
  }
  search.addEventListener('input', apply)
  choice.addEventListener('change', apply)
  apply()
  return element(
    'div',
    { class: 'actions', role: 'toolbar', 'aria-label': word('filter') },
    element('label', { text: `${word('find')} ` }, search),
    element('label', { text: `${word('show')} ` }, choice),
    count,
  )
}

/** Hides rows and columns. Returns how many are shown. */
function filter(
  { columns, rows }: ViewMatrix,
  { head, widths, body, inColumns: columnGroups, inRows: rowGroups }: Rows,
  { text, show }: { readonly text: string; readonly show: string },
): string {
  const wanted: MatrixSign | undefined =
    show === 'denied' ? 'd' : show === 'depends' ? 'p' : undefined
  const has = (title: string): boolean => title.toLowerCase().includes(text)
  const rowMatches = rows.map(({ title }) => has(title))
  const columnMatches = columns.map(({ title }) => has(title))
  // A text that names only rows leaves all columns, and the other way round.
  const anyRow = !rowMatches.includes(true)
  const anyColumn = !columnMatches.includes(true)
  const nothing = text !== '' && anyRow && anyColumn
  const inColumns = columns.map((_, index) => anyColumn || columnMatches[index] === true)
  const inRows = rows.map(
    ({ outside, cells }, index) =>
      !nothing &&
      (anyRow || rowMatches[index] === true) &&
      (show !== 'outside' || outside) &&
      (wanted === undefined || cells.some((cell, column) => inColumns[column] && cell === wanted)),
  )
  const hide = (cells: Iterable<Element>): void => {
    for (const [index, cell] of [...cells].entries()) setHidden(cell, inColumns[index] === false)
  }
  hide(head)
  for (const [index, row] of body.entries()) {
    setHidden(row, inRows[index] === false)
    hide([...row.children].slice(1))
  }
  const shownColumns = inColumns.filter(Boolean).length
  for (const [index, width] of widths.entries()) setHidden(width, index >= shownColumns)
  for (const { header, members } of columnGroups) {
    const shown = members.filter((index) => inColumns[index]).length
    header.colSpan = Math.max(1, shown)
    setHidden(header, shown === 0)
  }
  for (const { header, members } of rowGroups) {
    header.colSpan = shownColumns + 1
    if (header.parentElement) setHidden(header.parentElement, !members.some((row) => inRows[row]))
  }
  const count = (list: readonly boolean[]): [number, number] => [
    list.filter(Boolean).length,
    list.length,
  ]
  return word('shownCounts', ...count(inRows), ...count(inColumns))
}

function setHidden(part: Element, hidden: boolean): void {
  if (part instanceof HTMLElement && part.hidden !== hidden) part.hidden = hidden
}
