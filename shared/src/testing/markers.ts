/**
 * A finding that a fixture expects: `# ^^^ rule-name` or `# ^^^ rule-name: message` below the
 * underlined text.
 */
export interface Marker {
  /** Zero-based. */
  readonly line: number
  readonly character: number
  readonly length: number
  readonly rule: string
  readonly message: string | undefined
}

/** An example of a rule's page without its `# ←` comments. */
export function withoutArrows(example: string): string {
  return example.replace(/ # ←.*$/gm, '')
}

const MARKER = /^(\s*#\s*)(\^+)\s*([a-z0-9-]+)(?::\s*(.*))?$/

/** The markers of a text. A marker belongs to the nearest line above that is no marker. */
export function readMarkers(text: string): Marker[] {
  const markers: Marker[] = []
  let line = -1
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const match = MARKER.exec(content)
    if (!match) {
      line = index
      continue
    }
    const [, lead = '', carets = '', rule = '', message] = match
    markers.push({ line, character: lead.length, length: carets.length, rule, message })
  }
  return markers
}
