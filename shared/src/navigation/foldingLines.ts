/** Zero-based lines. The first one stays visible when the others are folded. */
export interface FoldingLines {
  readonly start: number
  readonly end: number
  readonly kind: 'comment' | 'block'
}

interface OpenBlock {
  readonly column: number
  readonly start: number
}

/**
 * The parts of a YAML text that an editor can fold: documents, blocks by their indentation, and several lines of
 * comments. The items of a list belong to the key above, also where they are not indented. Works on half-typed text.
 */
export function foldingLines(text: string): readonly FoldingLines[] {
  const lines = text.split(/\r\n|\n|\r/)
  return [...blocks(lines), ...comments(lines)].sort((a, b) => a.start - b.start || b.end - a.end)
}

function blocks(lines: readonly string[]): FoldingLines[] {
  const found: FoldingLines[] = []
  const open: OpenBlock[] = []
  let last = -1
  const close = (column: number): void => {
    for (let top = open.at(-1); top && top.column >= column; top = open.at(-1)) {
      open.pop()
      if (last > top.start) found.push({ start: top.start, end: last, kind: 'block' })
    }
  }
  for (const [line, text] of lines.entries()) {
    if (isMarker(text)) {
      close(DOCUMENT)
      open.push({ column: DOCUMENT, start: line })
      last = line
    } else if (text.trim() !== '' && !text.trimStart().startsWith('#')) {
      const column = columnOf(text)
      close(column)
      open.push({ column, start: line })
      last = line
    }
  }
  close(DOCUMENT)
  return found
}

/** The column of a document marker, which is around every block. */
const DOCUMENT = -1

function isMarker(line: string): boolean {
  return /^(---|\.\.\.)(\s|$)/.test(line)
}

/** The indentation; of the dash of a list item, half a column more, because it is inside of the key above. */
function columnOf(line: string): number {
  const indentation = line.length - line.trimStart().length
  return /^\s*-(\s|$)/.test(line) ? indentation + 0.5 : indentation
}

function comments(lines: readonly string[]): FoldingLines[] {
  const found: FoldingLines[] = []
  let start: number | undefined
  for (const [line, text] of [...lines, ''].entries()) {
    if (text.trimStart().startsWith('#')) start ??= line
    else {
      if (start !== undefined && line - start > 1)
        found.push({ start, end: line - 1, kind: 'comment' })
      start = undefined
    }
  }
  return found
}
