import { escapeMarkdown } from './escapeMarkdown.js'
import type { Explanation } from './explanation.js'
import type { Block, Item, Row } from './page/blocks.js'
import { layOut } from './page/layOut.js'

/** The explanation as a hover shows it. Values from YAML are escaped, so that they are never markup. */
export function explanationToMarkdown(explanation: Explanation): string {
  return `${layOut(explanation).map(blockToMarkdown).join('\n\n')}\n`
}

function blockToMarkdown(block: Block): string {
  switch (block.type) {
    case 'title':
      return `**${escapeMarkdown(block.kind)} ${escapeMarkdown(block.name)}**\n\n${escapeMarkdown(block.summary)}`
    case 'list':
      return [
        ...(block.title === undefined ? [] : [`**${escapeMarkdown(block.title)}**\n`]),
        ...block.items.map(itemToMarkdown),
      ].join('\n')
    case 'table':
      return tableToMarkdown(block.columns, block.rows)
  }
}

function itemToMarkdown({ label, text }: Item): string {
  return label === undefined
    ? `- ${escapeMarkdown(text)}`
    : `- **${escapeMarkdown(label)}** — ${escapeMarkdown(text)}`
}

/** Marked rows are bold with `►`; possible rows have `?`. */
function tableToMarkdown(columns: readonly string[], rows: readonly Row[]): string {
  const marks = rows.some(({ mark }) => mark !== 'no') || columns.includes('Attachment')
  const head = marks ? ['', ...columns] : columns
  const lines = rows.map(({ cells, mark }) => {
    const shown = cells.map((cell) =>
      mark === 'yes' ? `**${escapeMarkdown(cell)}**` : escapeMarkdown(cell),
    )
    return line(marks ? [{ yes: '**►**', maybe: '**?**', no: '' }[mark], ...shown] : shown)
  })
  return [line(head), line(head.map(() => '---')), ...lines].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ')
}
