/** A value that the cache has kept as JSON. Undefined if the text is not the JSON of such a value. */
export function parseKept<T>(text: string, isKept: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isKept(value) ? value : undefined
  } catch {
    return undefined
  }
}
