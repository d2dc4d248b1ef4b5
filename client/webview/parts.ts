import type { Cell, View, ViewTable } from '../src/views/view.js'
import { element, section } from './elements.js'
import { word } from './words.js'

type Open = (link: number) => void

export function showTable({ caption, columns, rows }: ViewTable, open: Open): HTMLElement {
  const head = element('tr', {}, ...columns.map((text) => element('th', { text, scope: 'col' })))
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...cells.map((cell) =>
        element(
          'td',
          cell.verdict ? { class: `verdict ${cell.verdict}` } : {},
          showCell(cell, open),
          ...(cell.more ?? []).map((line) => element('div', {}, showCell(line, open))),
        ),
      ),
    ),
  )
  // A wide table has its own scrollbar, also for the keyboard.
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { text: caption }),
      element('thead', {}, head),
      element('tbody', {}, ...body),
    ),
  )
}

/** Texts with at most this number of characters are in one line: `all requests`, `Evaluate one`. */
const MAX_SHORT = 16

/** A link is a button, because it opens a place in the editor and has no address. */
function showCell({ text, link, tooltip }: Cell, open: Open): Node {
  const width = text.length <= MAX_SHORT ? 'short' : 'long'
  if (link === undefined)
    return element(
      'span',
      { class: width, ...(tooltip === undefined ? {} : { title: tooltip }) },
      ...breakable(text),
    )
  const made = element(
    'button',
    { type: 'button', class: `link ${width}`, 'data-key': `link ${link}` },
    ...breakable(text),
  )
  made.addEventListener('click', () => {
    open(link)
  })
  return made
}

/** A long name such as `cluster.local/ns/shop/sa/web` breaks after a slash. */
function breakable(text: string): Node[] {
  return text
    .split(/(?<=\/)/)
    .flatMap((part, index) => [
      ...(index > 0 ? [document.createElement('wbr')] : []),
      document.createTextNode(part),
    ])
}

export function showWords(lines: readonly Cell[], open: Open): HTMLElement {
  if (lines.length === 0) return element('p', { text: word('noConnections') })
  return element(
    'ul',
    { class: 'words' },
    ...lines.map((line) => element('li', { class: line.verdict ?? '' }, showCell(line, open))),
  )
}

export function showNotes({ heading, texts }: View['notes'][number]): HTMLElement {
  return section(heading, element('ul', {}, ...texts.map((text) => element('li', { text }))))
}
