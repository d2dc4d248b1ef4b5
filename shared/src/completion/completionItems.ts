import type { Field } from '../explain/fields/field.js'
import type { Completion, Suggestion } from './completion.js'
import type { Cursor } from './looseDocument.js'

/** A key at the cursor; `dash` is written before it. */
export function fieldItem(
  { name, holds, detail, documentation }: Field,
  cursor: Cursor,
  dash: string,
): Completion {
  const isWhole = cursor.hasColon || cursor.quote !== ''
  const key = cursor.quote === '' && needsQuotes(name) ? JSON.stringify(name) : name
  const text = isWhole ? key : `${dash}${key}:${opening(holds, cursor)}`
  return {
    label: name,
    kind: 'field',
    text,
    snippet: !isWhole && cursor.inFlow && holds !== 'scalar',
    detail: detail ?? '',
    documentation: documentation ?? '',
  }
}

/** The text after the colon: a new line with its indentation, or brackets with the cursor in them. */
function opening(holds: Field['holds'], { inFlow, column }: Cursor): string {
  if (holds === 'scalar') return ' '
  if (inFlow) return holds === 'list' ? ' [$1]' : ' {$1}'
  return holds === 'list' ? `\n${' '.repeat(column)}- ` : `\n${' '.repeat(column + 2)}`
}

/** A value at the cursor, quoted where YAML needs it; `dash` is written before it. */
export function valueItem(
  { value, kind, detail, documentation, isText, isLiteral }: Suggestion,
  { quote }: Cursor,
  dash: string,
): Completion {
  const text =
    quote === '' &&
    isLiteral !== true &&
    (needsQuotes(value) || (isText === true && isNumber(value)))
      ? JSON.stringify(value)
      : value
  return {
    label: value === '' ? '""' : value,
    kind,
    text: `${dash}${text}`,
    snippet: false,
    detail: detail ?? '',
    documentation: documentation ?? '',
  }
}

function isNumber(value: string): boolean {
  return /^[-+]?[\d.][\d._eExX]*$/.test(value)
}

/** Whether YAML would read the plain text as another value. */
function needsQuotes(value: string): boolean {
  return (
    value === '' ||
    /^(true|false|yes|no|on|off|null|~|y|n)$/i.test(value) ||
    /^[\s*&!|>%@`?,[\]{}#'":-]|: |\s#|:$|[[\]{},]|\s$/.test(value)
  )
}
