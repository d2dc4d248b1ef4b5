import type { MatrixSign, View, ViewMatrix } from '../src/views/view.js'
import { element, section } from './elements.js'
import { filterBar } from './matrixFilter.js'
import { showTable } from './parts.js'
import { columnGroups, rowGroups, type HeaderGroup } from './matrixGroups.js'
import { word } from './words.js'

interface Actions {
  readonly open: (link: number) => void
  readonly openCell: (row: number, column: number) => void
}

/** The sign of a verdict and its words. */
export const SIGNS: Readonly<
  Record<MatrixSign, { readonly sign: string; readonly words: string }>
> = {
  a: { sign: '✓', words: word('allowed') },
  d: { sign: '✕', words: word('denied') },
  p: { sign: '±', words: word('depends') },
  u: { sign: '?', words: word('undecided') },
  '-': { sign: '–', words: word('notEvaluated') },
}

/** The matrix as a grid: arrow keys move, Enter shows the requests of a cell. */
export function showMatrix(matrix: ViewMatrix, { open, openCell }: Actions): HTMLElement {
  const { caption, columns, rows } = matrix
  const head = columns.map(({ label, title, link }) => {
    const name = element('span', { text: label })
    const cell = element('th', { scope: 'col', title }, name)
    if (link !== undefined) {
      cell.classList.add('opens')
      cell.addEventListener('click', () => {
        open(link)
      })
    }
    return cell
  })
  const body = rows.map(({ label, title, cells, kinds }) =>
    element(
      'tr',
      {},
      element('th', { text: label, title, scope: 'row' }),
      ...cells.map((verdict, column) =>
        verdict === 'p' ? partlyCell(kinds[column] ?? 1) : CELLS[verdict].cloneNode(true),
      ),
    ),
  )
  const inColumns = columnGroups(matrix)
  const inRows = rowGroups(matrix)
  const widths = columns.map(() => element('col'))
  const tableBody = element('tbody')
  appendInSteps(tableBody, withGroups(body, inRows))
  const corner = element('th', { text: word('clients'), scope: 'col', class: 'corner' })
  if (inColumns.length > 0) corner.setAttribute('rowspan', '2')
  const headRows =
    inColumns.length === 0
      ? [element('tr', {}, corner, ...head)]
      : [
          element('tr', { class: 'groups' }, corner, ...inColumns.map(({ header }) => header)),
          element('tr', { class: 'grouped' }, ...head),
        ]
  const table = element(
    'table',
    { class: 'matrix', role: 'grid', 'aria-label': caption },
    element('colgroup', {}, element('col', { class: 'corner' }), ...widths),
    element('thead', {}, ...headRows),
    tableBody,
  )
  const grid = body.map((row) => [...row.querySelectorAll('td')])
  moveWithKeys(table, grid, openCell)
  return element(
    'section',
    { 'aria-label': caption },
    filterBar(matrix, { head, widths, body, inColumns, inRows }),
    legend(),
    element('div', { class: 'grid-scroll' }, table),
  )
}

function withGroups(
  body: readonly HTMLElement[],
  groups: readonly HeaderGroup[],
): readonly HTMLElement[] {
  if (groups.length === 0) return body
  return groups.flatMap(({ header, members }) => [
    ...(header.parentElement ? [header.parentElement] : []),
    ...members.flatMap((index) => body[index] ?? []),
  ])
}

const ROWS_PER_STEP = 40

/** The first rows are shown at once, the others in the next frames. */
function appendInSteps(parent: HTMLElement, rows: readonly HTMLElement[]): void {
  parent.append(...rows.slice(0, ROWS_PER_STEP))
  if (rows.length > ROWS_PER_STEP)
    requestAnimationFrame(() => {
      appendInSteps(parent, rows.slice(ROWS_PER_STEP))
    })
}

const NAMES: Readonly<Record<MatrixSign, string>> = {
  a: 'allow',
  d: 'deny',
  p: 'partly',
  u: 'undecided',
  '-': 'unknown',
}

const cellOf = (verdict: MatrixSign): HTMLElement => {
  const { sign, words } = SIGNS[verdict]
  return element('td', { text: sign, class: NAMES[verdict], 'aria-label': words })
}

/** Copies of these are made faster than new elements. */
const CELLS: Readonly<Record<MatrixSign, HTMLElement>> = {
  a: cellOf('a'),
  d: cellOf('d'),
  p: cellOf('p'),
  u: cellOf('u'),
  '-': cellOf('-'),
}

/** A cell whose verdict depends on the request, with the number of kinds of requests. */
function partlyCell(kinds: number): HTMLElement {
  const words = word('dependsOnKinds', kinds)
  return element(
    'td',
    { text: SIGNS.p.sign, class: NAMES.p, 'aria-label': words, title: words },
    element('sub', { text: String(kinds) }),
  )
}

function legend(): HTMLElement {
  return element(
    'p',
    { class: 'legend' },
    ...Object.entries(SIGNS).map(([, { sign, words }]) =>
      element('span', { text: `${sign} ${words}` }),
    ),
  )
}

/** One cell can have the focus (the grid pattern of ARIA). Hidden rows and columns are left out. */
function moveWithKeys(
  table: HTMLElement,
  grid: readonly (readonly HTMLElement[])[],
  openCell: Actions['openCell'],
): void {
  let current = grid[0]?.[0]
  current?.setAttribute('tabindex', '0')
  const focus = (cell: HTMLElement | undefined): void => {
    if (!cell) return
    current?.removeAttribute('tabindex')
    current = cell
    cell.setAttribute('tabindex', '0')
    cell.focus()
  }
  const placeOf = (cell: HTMLElement): { row: number; column: number } => {
    const row = grid.findIndex((cells) => cells.includes(cell))
    return { row, column: grid[row]?.indexOf(cell) ?? -1 }
  }
  const press = (cell: HTMLElement): void => {
    const { row, column } = placeOf(cell)
    if (row >= 0) openCell(row, column)
  }
  table.addEventListener('click', ({ target }) => {
    const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('td') : null
    if (!cell) return
    focus(cell)
    press(cell)
  })
  table.addEventListener('keydown', (event) => {
    const cell = document.activeElement
    if (!(cell instanceof HTMLElement) || !table.contains(cell)) return
    const { row, column } = placeOf(cell)
    const inRow = (grid[row] ?? []).filter(isShown)
    const inColumn = grid.flatMap((cells) => cells[column] ?? []).filter(isShown)
    const next = (list: readonly HTMLElement[], step: number): HTMLElement | undefined =>
      list[list.indexOf(cell) + step]
    switch (event.key) {
      case 'ArrowRight':
        focus(next(inRow, 1))
        break
      case 'ArrowLeft':
        focus(next(inRow, -1))
        break
      case 'ArrowDown':
        focus(next(inColumn, 1))
        break
      case 'ArrowUp':
        focus(next(inColumn, -1))
        break
      case 'Home':
        focus(event.ctrlKey ? grid.flat().find(isShown) : inRow[0])
        break
      case 'End':
        focus(event.ctrlKey ? grid.flat().findLast(isShown) : inRow.at(-1))
        break
      case 'Enter':
      case ' ':
        press(cell)
        break
      default:
        return
    }
    event.preventDefault()
  })
}

function isShown(cell: HTMLElement): boolean {
  return !cell.hidden && cell.parentElement?.hidden === false
}

/** The region for the requests of one cell. */
export function detailRegion(): HTMLElement {
  return element('div', { id: 'detail', 'aria-live': 'polite' })
}

export function showDetail({ detail }: View, open: (link: number) => void): void {
  const region = document.getElementById('detail')
  if (!region || !detail) return
  region.replaceChildren(section(detail.heading, showTable(detail.table, open)))
  region.scrollIntoView({ block: 'nearest' })
}
