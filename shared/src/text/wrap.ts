import { printable } from './printable.js'

/** How a text is wrapped. `first` and `rest` are the beginnings of the first line and of the others. */
interface Wrapping {
  readonly width: number
  readonly first?: string
  readonly rest?: string
}

/** Lines of at most `width` columns, broken at spaces; a word that is too long is broken too. */
export function wrap(text: string, { width, first = '', rest = '' }: Wrapping): string[] {
  const lines: string[] = []
  let line = first
  let lead = first
  for (const word of oneLine(text)
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

/** A text without line breaks and control characters. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '))
}

function pieces(word: string, width: number): string[] {
  const found: string[] = []
  for (let at = 0; at < word.length; at += width) found.push(word.slice(at, at + width))
  return found.length > 0 ? found : ['']
}
