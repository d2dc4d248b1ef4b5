import type { Explanation } from './explanation.js'
import { printable } from '../text/printable.js'
import type { Block, Item, Row } from './page/blocks.js'
import { layOut } from './page/layOut.js'

const WIDTH = 100

/** The explanation for a terminal, at most 100 columns wide. Control characters from YAML are shown as `�`. */
export function explanationToText(explanation: Explanation): string {
  return `${layOut(explanation).map(blockToText).join('\n\n')}\n`
}

function blockToText(block: Block): string {
  switch (block.type) {
    case 'title':
      return [...wrap(`${block.kind} ${block.name}`, '', ''), ...wrap(block.summary, '', '')].join(
        '\n',
      )
    case 'list':
      return [
        ...(block.title === undefined ? [] : [block.title]),
        ...block.items.flatMap(itemToText),
      ].join('\n')
    case 'table':
      return tableToText(block.columns, block.rows)
  }
}

function itemToText({ label, text }: Item): string[] {
  return wrap(label === undefined ? text : `${label}: ${text}`, '  - ', '    ')
}

function tableToText(columns: readonly string[], rows: readonly Row[]): string {
  const all = [columns, ...rows.map(({ cells }) => cells.map(clean))]
  const widths = columns.map((_, at) => Math.max(...all.map((cells) => (cells[at] ?? '').length)))
  const marks = [' ', ...rows.map(({ mark }) => ({ yes: '►', maybe: '?', no: ' ' })[mark])]
  return all
    .flatMap((cells, index) => rowToText(cells, fit(widths), marks[index] ?? ' '))
    .join('\n')
}

/** Column widths that fit: the widest columns get narrower. */
function fit(widths: readonly number[]): number[] {
  const fitted = [...widths]
  const room = WIDTH - 2 - 2 * (widths.length - 1)
  while (fitted.reduce((sum, width) => sum + width, 0) > room) {
    const widest = fitted.indexOf(Math.max(...fitted))
    fitted[widest] = (fitted[widest] ?? 1) - 1
  }
  return fitted
}

function rowToText(cells: readonly string[], widths: readonly number[], mark: string): string[] {
  const wrapped = cells.map((cell, at) => wrap(cell, '', '', widths[at]))
  const height = Math.max(1, ...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, row) => {
    const parts = wrapped.map((lines, at) => (lines[row] ?? '').padEnd(widths[at] ?? 0))
    return `${row === 0 ? mark : ' '} ${parts.join('  ')}`.trimEnd()
  })
}

function clean(text: string): string {
  return printable(text.replace(/\s+/g, ' '))
}

/** Lines of at most `width` columns, broken at spaces; a word that is too long is broken too. */
function wrap(text: string, first: string, rest: string, width = WIDTH): string[] {
  const lines: string[] = []
  let line = first
  let lead = first
  for (const word of clean(text)
    .split(' ')
    .flatMap((piece) => pieces(piece, Math.max(1, width - rest.length)))) {
    if (line.length > lead.length && line.length + 1 + word.length > width) {
      lines.push(line)
      lead = rest
      line = rest
    }
    line += line.length > lead.length ? ` ${word}` : word
  }
  return [...lines, line]
}

function pieces(word: string, width: number): string[] {
  const found: string[] = []
  for (let at = 0; at < word.length; at += width) found.push(word.slice(at, at + width))
  return found.length > 0 ? found : ['']
}
