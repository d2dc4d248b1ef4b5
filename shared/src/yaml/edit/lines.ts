/** The start of the line of `at`. */
export function startOfLine(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

/** The end of the line of `at`, before its line break. */
export function endOfLine(text: string, at: number): number {
  const lf = text.indexOf('\n', at)
  if (lf < 0) return text.length
  return lf > at && text[lf - 1] === '\r' ? lf - 1 : lf
}

/** The start of the line after that of `at`, or the end of the text. */
export function startOfNextLine(text: string, at: number): number {
  const lf = text.indexOf('\n', at)
  return lf < 0 ? text.length : lf + 1
}

/** The end of the line before the one that starts at `start`, before its line break. */
export function endOfLineBefore(text: string, start: number): number {
  return start === 0 ? 0 : endOfLine(text, startOfLine(text, start - 1))
}

export function columnOf(text: string, at: number): number {
  return at - startOfLine(text, at)
}

/** The text before `at` on its line. */
export function beforeOnLine(text: string, at: number): string {
  return text.slice(startOfLine(text, at), at)
}

export function isBlankText(text: string): boolean {
  return text.trim() === ''
}
