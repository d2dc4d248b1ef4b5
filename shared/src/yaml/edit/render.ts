import { isFilled, isList, type PlainValue } from './operation.js'
import type { Style } from './style.js'

/** Strings that read back as strings without quotes, in block and in flow style. */
const PLAIN = /^[A-Za-z0-9_./](?:[A-Za-z0-9_./@%+=~*?;()$^|<>!-]|:(?=[^\s:,[\]{}])| (?=[^ #]))*$/
/** Words that YAML 1.1 or 1.2 reads as something else. */
const WORD = /^(?:null|true|false|yes|no|on|off|y|n|\.nan|\.inf)$/i
/** Numbers, sexagesimals and dates of YAML 1.1 and 1.2, and more that only looks so. */
const NUMERIC = /^[0-9.][0-9a-fA-FxXoO_.:eE+-]*$/

/** A scalar, or an empty map or list. `quote` is used where the value needs quotes; where it is `always`, also where it does not. */
export function renderScalar(value: PlainValue, style: Style, always?: Style['quote']): string {
  if (isList(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  if (typeof value !== 'string') return String(value)
  if (style.json) return JSON.stringify(value)
  if (always === undefined && PLAIN.test(value) && !WORD.test(value) && !NUMERIC.test(value))
    return value
  return (always ?? style.quote) === "'" && /^[\x20-\x7e]*$/.test(value)
    ? `'${value.replaceAll("'", "''")}'`
    : JSON.stringify(value)
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

/** A value in JSON over several lines; all but the first are indented by at least `column`. */
export function renderJson(value: PlainValue, column: number, style: Style): string {
  return JSON.stringify(value, null, style.step).replaceAll('\n', style.eol + ' '.repeat(column))
}

/** A filled map or list in block style, its keys or dashes at `column`; the first line comes without its indentation. */
export function renderBlock(value: PlainValue, column: number, style: Style): string {
  if (!isFilled(value)) return renderScalar(value, style)
  const lines = isList(value)
    ? value.map((item) => `- ${renderBlock(item, column + 2, style)}`)
    : Object.entries(value).map(([key, inner]) => renderEntry({ key, value: inner }, column, style))
  return lines.join(style.eol + ' '.repeat(column))
}

/** A map entry in block style whose key stands at `column`. */
export function renderEntry(
  { key, value }: { readonly key: string; readonly value: PlainValue },
  column: number,
  style: Style,
): string {
  return `${renderScalar(key, style)}:${isFilled(value) ? renderBelow(value, column, style) : ` ${renderScalar(value, style)}`}`
}

/** A filled map or list as it stands below a key at `column`, with the line end before it. */
export function renderBelow(value: PlainValue, column: number, style: Style): string {
  const inner = column + (isList(value) ? style.listStep : style.step)
  return style.eol + ' '.repeat(inner) + renderBlock(value, inner, style)
}
