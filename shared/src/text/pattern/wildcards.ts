/** Whether the whole text matches a pattern in which each `*` is any text, also an empty one. */
export function matchesWildcards(pattern: string, text: string): boolean {
  return matchesParts(pattern.split('*'), text)
}

/**
 * Whether a text is these parts, with any text between them. Each part is searched once, from left to right, so that
 * the time is linear.
 */
export function matchesParts(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? ''
  if (parts.length === 1) return text === first
  const last = parts[parts.length - 1] ?? ''
  const end = text.length - last.length
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) return false
  let position = first.length
  for (const part of parts.slice(1, -1)) {
    const found = part === '' ? position : text.indexOf(part, position)
    if (found < 0 || found + part.length > end) return false
    position = found + part.length
  }
  return true
}
