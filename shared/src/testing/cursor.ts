/** The text without the cursor `█`, and its position. */
export function readCursor(marked: string): {
  readonly text: string
  readonly offset: number
  readonly line: number
  readonly character: number
} {
  const offset = marked.indexOf('█')
  if (offset < 0) throw new Error(`There is no cursor in:\n${marked}`)
  const before = marked.slice(0, offset).split('\n')
  return {
    text: marked.slice(0, offset) + marked.slice(offset + 1),
    offset,
    line: before.length - 1,
    character: before.at(-1)?.length ?? 0,
  }
}
