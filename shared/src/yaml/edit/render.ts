import { isFilled, isList, type PlainValue } from './operation.js'
import type { Style } from './style.js'

/** Strings that need no quotes, in block and in flow style. */
const PLAIN = /^[A-Za-z0-9_./](?:[A-Za-z0-9_./@%+=~*?;()$^|<>!-]|:(?=[^\s:,[\]{}])| (?=[^ #]))*$/
/** Words that are no strings in YAML 1.1 or 1.2. */
const WORD = /^(?:null|true|false|yes|no|on|off|y|n|\.nan|\.inf)$/i
/** Numbers, sexagesimals and dates of YAML 1.1 and 1.2, and what looks similar. */
const NUMERIC = /^[0-9.][0-9a-fA-FxXoO_.:eE+-]*$/
/** Characters that a reader of the text does not see. */
const INVISIBLE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu

/**
 * A scalar, or an empty map or list. `quote` is used if the value needs quotes, `always` in any
 * case.
 */
export function renderScalar(value: PlainValue, style: Style, always?: Style['quote']): string {
  if (isList(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  if (typeof value !== 'string') return String(value)
  if (style.json) return JSON.stringify(value)
  if (always === undefined && PLAIN.test(value) && !WORD.test(value) && !NUMERIC.test(value))
    return value
  return (always ?? style.quote) === "'" && /^[\x20-\x7e]*$/.test(value)
    ? `'${value.replaceAll("'", "''")}'`
    : JSON.stringify(value).replace(INVISIBLE, escapeOf)
}

/** An escape of YAML. Characters of two UTF-16 units have one escape, which JSON does not have. */
function escapeOf(character: string): string {
  const hexadecimal = (character.codePointAt(0) ?? 0).toString(16)
  return character.length > 1
    ? `\\U${hexadecimal.padStart(8, '0')}`
    : `\\u${hexadecimal.padStart(4, '0')}`
}

/** A value on one line, in flow style. */
export function renderFlow(value: PlainValue, style: Style): string {
  if (!isFilled(value)) return renderScalar(value, style)
  const comma = `,${style.gap}`
  if (isList(value)) return `[${value.map((item) => renderFlow(item, style)).join(comma)}]`
  const entries = Object.entries(value).map(
    ([key, inner]) => `${renderScalar(key, style)}:${style.gap}${renderFlow(inner, style)}`,
  )
  return `{${style.padding}${entries.join(comma)}${style.padding}}`
}

/**
 * A value as JSON over several lines. All lines but the first are indented by at least `column`.
 */
export function renderJson(value: PlainValue, column: number, style: Style): string {
  return JSON.stringify(value, null, style.step).replaceAll('\n', style.eol + ' '.repeat(column))
}

/**
 * A map or list that is not empty in block style, with its keys or dashes at `column`. The first
 * line is not indented.
 */
export function renderBlock(value: PlainValue, column: number, style: Style): string {
  if (!isFilled(value)) return renderScalar(value, style)
  const lines = isList(value)
    ? value.map((item) => `- ${renderBlock(item, column + 2, style)}`)
    : Object.entries(value).map(([key, inner]) => renderEntry({ key, value: inner }, column, style))
  return lines.join(style.eol + ' '.repeat(column))
}

/** A map entry in block style with its key at `column`. */
export function renderEntry(
  { key, value }: { readonly key: string; readonly value: PlainValue },
  column: number,
  style: Style,
): string {
  return `${renderScalar(key, style)}:${isFilled(value) ? renderOnNextLine(value, column, style) : ` ${renderScalar(value, style)}`}`
}

/** A map or list that is not empty, below a key at `column`, with the line break before it. */
export function renderOnNextLine(value: PlainValue, column: number, style: Style): string {
  const inner = column + (isList(value) ? style.listStep : style.step)
  return style.eol + ' '.repeat(inner) + renderBlock(value, inner, style)
}
