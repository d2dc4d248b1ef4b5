/** One SVG element as data. Becomes an element of a page, or the text of an SVG file. */
export interface Drawing {
  readonly tag: DrawingTag
  readonly attributes: Readonly<Record<string, string>>
  readonly children?: readonly Drawing[]
  readonly text?: string
}

export const DRAWING_TAGS = [
  'svg',
  'g',
  'rect',
  'path',
  'text',
  'title',
  'defs',
  'marker',
  'style',
] as const
type DrawingTag = (typeof DRAWING_TAGS)[number]

const SPECIAL: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The text of an SVG file. */
export function drawingToText({ tag, attributes, children = [], text = '' }: Drawing): string {
  const written = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('')
  return `<${tag}${written}>${escapeXml(text)}${children.map(drawingToText).join('')}</${tag}>`
}

function escapeXml(text: string): string {
  // XML does not allow control characters, not even escaped.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (char) => SPECIAL[char] ?? char)
}
