import { layoutOf } from './layout.js'
import type { PlainObject } from './operation.js'
import { renderBlock } from './render.js'
import { styleOf, type Style } from './style.js'

const USUAL: Style = {
  eol: '\n',
  step: 2,
  listStep: 2,
  quote: '"',
  json: false,
  padding: '',
  gap: ' ',
}

/**
 * An object as a YAML document in the style of the text `like`, without `---` and without a final
 * line break.
 */
export function renderDocument(object: PlainObject, like: string): string {
  const root = layoutOf(like)
  const style = root
    ? styleOf(like, root)
    : { ...USUAL, eol: like.includes('\r\n') ? ('\r\n' as const) : ('\n' as const) }
  return renderBlock(object, 0, { ...style, json: false, gap: ' ' })
}
