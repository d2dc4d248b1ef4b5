import type { Explanation } from './explanation.js'
import { oneLine, wrap } from '../text/wrap.js'
import type { Block, Item, Row } from './page/blocks.js'
import { layOut } from './page/layOut.js'

const WIDTH = 100
/** Texts are not made narrower. */
const LEAST_WIDTH = 60
/** A longer word in a table is broken. */
const LONGEST_WORD = 40

/**
 * The explanation for a terminal, at most 100 columns wide, or as wide as a narrower terminal. Control characters from
 * YAML are shown as `�`.
 */
export function explanationToText(explanation: Explanation, columns = WIDTH): string {
  const width = Math.max(LEAST_WIDTH, Math.min(columns, WIDTH))
  return `${layOut(explanation)
    .map((block) => blockToText(block, width))
    .join('\n\n')}\n`
}

function blockToText(block: Block, width: number): string {
  switch (block.type) {
    case 'title':
      return [`${block.kind} ${block.name}`, block.summary]
        .flatMap((text) => wrap(text, { width }))
        .join('\n')
    case 'list':
      return [
        ...(block.title === undefined ? [] : [block.title]),
        ...block.items.flatMap((item) => itemToText(item, width)),
      ].join('\n')
    case 'table':
      return tableToText(block.columns, block.rows, width)
  }
}

function itemToText({ label, text }: Item, width: number): string[] {
  const words = label === undefined ? text : `${label}: ${text}`
  return wrap(words, { first: '  - ', rest: '    ', width })
}

function tableToText(columns: readonly string[], rows: readonly Row[], width: number): string {
  const all = [columns, ...rows.map(({ cells }) => cells.map(oneLine))]
  const widths = fit(
    columns.map((_, at) => all.map((cells) => cells[at] ?? '')),
    width,
  )
  const marks = [' ', ...rows.map(({ mark }) => ({ yes: '►', maybe: '?', no: ' ' })[mark])]
  return all.flatMap((cells, index) => rowToText(cells, widths, marks[index] ?? ' ')).join('\n')
}

/** The widths of columns, by their cells. They fit if the widest columns get narrower, but no word is broken for it. */
function fit(columns: readonly (readonly string[])[], width: number): number[] {
  const longest = (texts: readonly string[]): number =>
    Math.max(...texts.map(({ length }) => length))
  const least = columns.map((cells) =>
    Math.min(LONGEST_WORD, longest(cells.flatMap((cell) => cell.split(' ')))),
  )
  const widths = columns.map(longest)
  const room = width - 2 - 2 * (columns.length - 1)
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const [widest] = [...widths.keys()]
      .filter((at) => (widths[at] ?? 0) > (least[at] ?? 0))
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 1) - 1
  }
  return widths
}

function rowToText(cells: readonly string[], widths: readonly number[], mark: string): string[] {
  const wrapped = cells.map((cell, at) => wrap(cell, { width: widths[at] ?? 1 }))
  const height = Math.max(1, ...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, row) => {
    const parts = wrapped.map((lines, at) => (lines[row] ?? '').padEnd(widths[at] ?? 0))
    return `${row === 0 ? mark : ' '} ${parts.join('  ')}`.trimEnd()
  })
}
