/** Offset at which the line of `at` starts. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

/** Offset at which the line of `at` ends, before its line end. */
export function lineEnd(text: string, at: number): number {
  const lf = text.indexOf('\n', at)
  if (lf < 0) return text.length
  return lf > at && text[lf - 1] === '\r' ? lf - 1 : lf
}

/** Offset at which the line after that of `at` starts; the text's length where there is none. */
export function nextLine(text: string, at: number): number {
  const lf = text.indexOf('\n', at)
  return lf < 0 ? text.length : lf + 1
}

/** Offset before the line end that stands before `start`, the start of a line. */
export function endBefore(text: string, start: number): number {
  return start === 0 ? 0 : lineEnd(text, lineStart(text, start - 1))
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at)
}

/** What stands before `at` on its line. */
export function beforeOnLine(text: string, at: number): string {
  return text.slice(lineStart(text, at), at)
}

export function isBlank(text: string): boolean {
  return text.trim() === ''
}
