/** What is looked for, and what takes its place: the arguments of `String.replace`. */
type Replacement = readonly [found: string | RegExp, by: string]

/**
 * A text under test, with the first place of each `found` replaced.
 *
 * @throws where `found` is not in the text: otherwise a test of a change passes without the change.
 */
export function replaceIn(text: string, ...replacements: readonly Replacement[]): string {
  return replacements.reduce((before, [found, by]) => {
    expectFound(before, found)
    return before.replace(found, by)
  }, text)
}

/** The same, with every place of each `found` replaced. */
export function replaceAllIn(text: string, ...replacements: readonly Replacement[]): string {
  return replacements.reduce((before, [found, by]) => {
    expectFound(before, found)
    return before.replaceAll(found, by)
  }, text)
}

function expectFound(text: string, found: string | RegExp): void {
  const isFound = typeof found === 'string' ? text.includes(found) : text.search(found) >= 0
  if (isFound) return
  throw new Error(`${String(found)} is not in this text:\n${text}`)
}
