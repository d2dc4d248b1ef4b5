/** One line of a chart template. */
export interface TemplateLine {
  readonly text: string
  /** `\n`, `\r\n`, or nothing at the end of the file. */
  readonly end: string
  /** The line writes something else than white space into the output, if it is executed. */
  readonly writes: boolean
  /** A comment at the end of the line changes nothing but this line of the output. */
  readonly takesComment: boolean
  /** An action of the line before goes on in this line. */
  readonly continues: boolean
}

/** An action of a template: `{{ … }}`. */
interface Action {
  readonly start: number
  readonly end: number
  /** Its first word: `if`, `include`, `.Values.name`; `/*` for a comment, empty for a string. */
  readonly word: string
  readonly trimsAfter: boolean
  readonly inDefinition: boolean
}

const OPENING: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block'])
const CONTROL: ReadonlySet<string> = new Set([
  ...OPENING,
  'else',
  'end',
  'break',
  'continue',
  'fail',
  '/*',
])
/** The value of a variable writes nothing when it is set. */
const ASSIGNMENT = /^\{\{-?\s*\$\w*\s*:?=/
const HEAD = /\{\{-?\s*(\/\*|[\w.$]*)/y
const WORD = /^[A-Za-z]+$/

/** Reads the lines of a chart template. Never throws: text that is no valid template has lines without comments. */
export function templateLines(text: string): TemplateLine[] {
  const actions = actionsOf(text)
  const lines: TemplateLine[] = []
  let next = 0
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    const [whole, line = '', end = ''] = match
    if (whole === '') break
    const from = match.index
    const to = from + line.length
    while ((actions[next]?.end ?? Infinity) <= from) next++
    const here: Action[] = []
    for (let at = next; (actions[at]?.start ?? Infinity) < to; at++) {
      const action = actions[at]
      if (action) here.push(action)
    }
    lines.push({ text: line, end, ...kindOf(text, { from, to }, here) })
  }
  return lines
}

function kindOf(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  actions: readonly Action[],
): Omit<TemplateLine, 'text' | 'end'> {
  const outside = textOutside(text, { from, to }, actions).trim()
  const endsInside = actions.some(({ start, end }) => start < to && end > to)
  const outputs = actions.some(
    ({ start, end, word }) =>
      end <= to && !CONTROL.has(word) && !ASSIGNMENT.test(text.slice(start, end)),
  )
  const writes = (outside !== '' && !outside.startsWith('#')) || outputs
  const last = actions.at(-1)
  const endsWithTrim =
    last !== undefined && last.trimsAfter && text.slice(last.end, to).trim() === ''
  const inDefinition = actions.some((action) => action.inDefinition)
  const block = actions.find(({ word }) => isBlockWord(word))
  const isInOneBlock = !block || text.slice(from, block.start).trim() === '' || isBalanced(actions)
  const isSeparator = /^(?:---|\.\.\.)/.test(text.slice(from, to))
  return {
    writes,
    continues: actions.some(({ start, inDefinition: isText }) => start < from && !isText),
    takesComment:
      writes && !endsInside && !endsWithTrim && !inDefinition && isInOneBlock && !isSeparator,
  }
}

function isBlockWord(word: string): boolean {
  return OPENING.has(word) || word === 'else' || word === 'end'
}

/** Whether the text after the actions is executed if the text before them is. */
function isBalanced(actions: readonly Action[]): boolean {
  let depth = 0
  for (const { word } of actions) {
    if (OPENING.has(word)) depth++
    else if (word === 'end') depth--
    if (depth < 0 || (depth === 0 && word === 'else')) return false
  }
  return depth === 0
}

function textOutside(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  actions: readonly Action[],
): string {
  let result = ''
  let at = from
  for (const { start, end } of actions) {
    result += text.slice(at, Math.max(at, Math.min(start, to)))
    at = Math.max(at, end)
  }
  return at < to ? result + text.slice(at, to) : result
}

/** All actions in the order of the text. A definition is one action. */
function actionsOf(text: string): Action[] {
  const actions: Action[] = []
  const blocks: string[] = []
  let definitions = 0
  let definitionStart = -1
  for (let start = text.indexOf('{{'); start >= 0;) {
    HEAD.lastIndex = start
    const word = HEAD.exec(text)?.[1] ?? ''
    const end = word === '/*' ? commentEnd(text, start) : actionEnd(text, start)
    if (WORD.test(word) && OPENING.has(word)) {
      if (word === 'define' && definitions++ === 0) definitionStart = start
      blocks.push(word)
    } else if (word === 'end' && blocks.pop() === 'define') definitions--
    const trimsAfter = text.slice(end - 3, end) === '-}}'
    if (definitionStart < 0) actions.push({ start, end, word, trimsAfter, inDefinition: false })
    else if (definitions === 0) {
      // Text in a definition is written where it is included, so a definition is one action without output.
      actions.push({ start: definitionStart, end, word: 'define', trimsAfter, inDefinition: true })
      definitionStart = -1
    }
    start = text.indexOf('{{', end)
  }
  if (definitionStart >= 0)
    actions.push({
      start: definitionStart,
      end: text.length + 1,
      word: 'define',
      trimsAfter: false,
      inDefinition: true,
    })
  return actions
}

function commentEnd(text: string, start: number): number {
  const close = text.indexOf('*/', start)
  const end = close < 0 ? -1 : text.indexOf('}}', close)
  return end < 0 ? text.length + 1 : end + 2
}

/** The end of an action. Its strings may contain braces. */
function actionEnd(text: string, start: number): number {
  for (let at = start + 2; at < text.length; at++) {
    const char = text[at]
    if (char === '}' && text[at + 1] === '}') return at + 2
    if (char === '"' || char === "'" || char === '`') {
      at++
      while (at < text.length && text[at] !== char) at += char !== '`' && text[at] === '\\' ? 2 : 1
    }
  }
  return text.length + 1
}
