/** Longer slices of a string refer to the whole string in V8. */
const MIN_SLICE_LENGTH = 13

/** One copy of each string, independent of the text that it was cut out of. */
export class StringPool {
  readonly #strings = new Map<string, string>()

  intern(text: string): string {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    // A slice would keep the whole file's text in memory, and a concatenation its parts. `join` makes a copy.
    const copy = text.length < MIN_SLICE_LENGTH ? text : [text.slice(0, 1), text.slice(1)].join('')
    this.#strings.set(copy, copy)
    return copy
  }
}
