/** `{{ … }}`, `{% … %}` or a verb of printf (`%s`, `%[1]d`). None of these can start a plain scalar. */
const ACTION = /\{[{%]|%[a-z[+#.\d-]/y
const BLOCK_TEXT_HEADER = /(^|[:\-\s])[|>][+\-0-9]{0,2}\s*(#[^]*)?$/

/**
 * Whether a document is a template, which a tool renders before it is YAML. That is decided on the
 * text, because many templates are valid YAML by chance. An action makes it a template unless it is
 * only part of a value:
 *
 * ```yaml
 * name: {{ .Values.name }}      # template
 * {{- if .Values.enabled }}     # template
 * name: api-{{ .Values.name }}  # a plain scalar that contains an action
 * name: "{{ .Values.name }}"    # a quoted scalar, or a comment, or block text
 * ```
 */
export function isTemplate(text: string): boolean {
  if (!text.includes('{{') && !text.includes('%')) return false
  const scanner = new ActionScanner()
  return text.split(/\r\n|\n|\r/).some((line) => scanner.hasAction(line))
}

/** Values and statements of ytt, which are comments for YAML: `name: #@ data.values.name`. */
const YTT = /^[ \t]*(?:[^#\n"']*[:-] +)?#@ +\S/m

/** Whether a document is one of ytt, or SOPS encrypts values in it: its values are not those of the object. */
export function hasOtherValues(text: string): boolean {
  return (
    (text.includes('#@') && YTT.test(text)) ||
    (text.includes('ENC[AES256_GCM,') && /^sops:/m.test(text))
  )
}

/**
 * A line that is only a placeholder of envsubst, sed, ERB or Maven, or a value that YAML does not allow: `@name@`, and
 * `[NAME]` before the rest of a word.
 */
const FILLED_IN =
  /^[ \t]*(?:- )?(?:\$\{[^{}\n]*\}|\$[A-Z_][A-Z0-9_]*|__[A-Z0-9_]+__|@[\w.-]+@|<%[^\n]*%>)[ \t]*$|(?<=: )(?:@[\w.-]+@|\[[A-Z][A-Z0-9_]*\](?=[-_./]))/gm

/** The text without the lines that another tool fills in; undefined if it has none. */
export function withoutFilledInLines(text: string): string | undefined {
  const without = text.replace(FILLED_IN, '')
  return without === text ? undefined : without
}

/** Looks for actions in the lines of a text, one after the other. */
class ActionScanner {
  /** The quote that is open, also from one line to the next. */
  #quote: string | undefined
  /** Indentation of the line that starts the present block text; -1 outside of block text. */
  #blockIndent = -1

  hasAction(line: string): boolean {
    const indent = line.search(/\S/)
    if (indent < 0 || (this.#blockIndent >= 0 && indent > this.#blockIndent)) return false
    this.#blockIndent = -1
    if (this.#scan(line)) return true
    if (this.#quote === undefined && BLOCK_TEXT_HEADER.test(line)) this.#blockIndent = indent
    return false
  }

  #scan(line: string): boolean {
    let isInPlain = false
    let flowDepth = 0
    for (let at = 0; at < line.length; at++) {
      const char = line[at] ?? ''
      if (this.#quote !== undefined) {
        if (char === '\\' && this.#quote === '"') at++
        else if (char === this.#quote) this.#quote = undefined
        continue
      }
      if ((!isInPlain || (flowDepth > 0 && char === '{')) && isActionAt(line, at)) return true
      if (isCommentAt(line, at)) return false
      if (char === ' ' || char === '\t') continue
      if (!isInPlain && (char === '"' || char === "'")) this.#quote = char
      else if ((char === '[' || char === '{') && (!isInPlain || flowDepth > 0)) {
        flowDepth++
        isInPlain = false
      } else if (flowDepth > 0 && (char === ']' || char === '}' || char === ',')) {
        if (char !== ',') flowDepth--
        isInPlain = false
      } else isInPlain = !isIndicatorAt(line, at, isInPlain)
    }
    return false
  }
}

function isActionAt(line: string, at: number): boolean {
  ACTION.lastIndex = at
  return ACTION.test(line)
}

function isCommentAt(line: string, at: number): boolean {
  return line[at] === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))
}

/** Whether a `:` or `-` separates values here, and is no part of one. */
function isIndicatorAt(line: string, at: number, isInPlain: boolean): boolean {
  const next = line[at + 1]
  if (line[at] === ':') return next === undefined || next === ' '
  return line[at] === '-' && !isInPlain && next === ' '
}
