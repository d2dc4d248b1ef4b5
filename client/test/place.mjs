// Places in texts, as an editor counts them.

/** The line and column after the first `part` of a text; both start at one. */
export function endOf(text, part, from = 0) {
  const offset = text.indexOf(part, from)
  if (offset < 0) throw new Error(`The text has no "${part}".`)
  const before = text.slice(0, offset + part.length).split('\n')
  return { line: before.length, column: before.at(-1).length + 1 }
}
