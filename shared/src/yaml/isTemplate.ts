/** `{{ … }}`, `{% … %}` or a verb of printf (`%s`, `%[1]d`), none of which can begin a plain scalar. */
const ACTION = /\{[{%]|%[a-z[+#.\d-]/y

/**
 * Whether a document's text is a template that some tool renders before it is YAML: it has an action that stands outside comments, quotes and block
 * text and does not sit inside a plain scalar. Decided on the text, because many templates happen to parse.
 */
export function isTemplate(text: string): boolean {
  if (!text.includes('{{') && !text.includes('%')) return false
  let blockIndent = -1
  let quote: string | undefined
  for (const line of text.split(/\r\n|\n|\r/)) {
    const indent = line.search(/\S/)
    if (indent < 0) continue
    if (blockIndent >= 0) {
      if (indent > blockIndent) continue
      blockIndent = -1
    }
    const scan = scanLine(line, quote)
    if (scan.action) return true
    quote = scan.quote
    if (scan.opensBlock) blockIndent = indent
  }
  return false
}

function isAction(line: string, at: number): boolean {
  ACTION.lastIndex = at
  return ACTION.test(line)
}

interface LineScan {
  readonly action: boolean
  /** The quote that is still open at the end of the line. */
  readonly quote: string | undefined
  readonly opensBlock: boolean
}

/** Looks at one line outside block text. `open` is the quote that an earlier line left open. */
function scanLine(line: string, open: string | undefined): LineScan {
  let quote = open
  let plain = false
  let flow = 0
  for (let i = 0; i < line.length; i++) {
    const char = line[i]
    if (quote !== undefined) {
      if (char === '\\' && quote === '"') i++
      else if (char === quote) quote = undefined
      continue
    }
    if ((!plain || (flow > 0 && char === '{')) && isAction(line, i))
      return { action: true, quote, opensBlock: false }
    if (char === '#' && (i === 0 || /\s/.test(line[i - 1] ?? ''))) break
    if (char === ' ' || char === '\t') continue
    if (!plain && (char === '"' || char === "'")) quote = char
    else if (char === ':' && (i + 1 === line.length || line[i + 1] === ' ')) plain = false
    else if ((char === '[' || char === '{') && (!plain || flow > 0)) {
      flow++
      plain = false
    } else if (flow > 0 && (char === ']' || char === '}' || char === ',')) {
      if (char !== ',') flow--
      plain = false
    } else if (char === '-' && !plain && line[i + 1] === ' ') plain = false
    else plain = true
  }
  const opensBlock = quote === undefined && /(^|[:\-\s])[|>][+\-0-9]{0,2}\s*(#.*)?$/.test(line)
  return { action: false, quote, opensBlock }
}
