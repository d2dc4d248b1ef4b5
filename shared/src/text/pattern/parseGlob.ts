import { readClass } from './characterClass.js'
import { choice, EMPTY, literal, oneOf, repeat, sequence, type Pattern } from './pattern.js'

const SLASH = 47
const MAX_DEPTH = 5

const NOT_SLASH = oneOf((codePoint) => codePoint !== SLASH)
const ANY_TEXT = repeat(
  oneOf(() => true),
  0,
)
/** `**` and the slash after it: any number of folders. */
const FOLDERS = choice([EMPTY, sequence([ANY_TEXT, literal('/')])])

/**
 * Reads a glob pattern of paths: `*` and `?` without a slash, `**` for any number of folders, `[a-z]`, `{a,b}`, and `\`
 * before a character that is not special. Returns a pattern, or what is wrong with it as a text that continues the
 * sentence `The pattern "x" …`.
 */
export function parseGlob(glob: string): Pattern | string {
  // A pattern of a folder excludes its files: `a/**` is the same as `a`.
  const path = withoutEnd(glob.replace(/^\.\//, ''))
  if (path === '' || path === '.') return 'matches the whole folder'
  if (path.startsWith('/')) return 'must be relative to the folder, without a slash at its start'
  if (path.startsWith('!')) return 'must not start with "!"'
  if (/[?*+@!]\(/.test(path)) return 'must not contain a group in parentheses'
  const reader = new Reader(path)
  const pattern = reader.sequence(0)
  return pattern !== undefined && reader.isAtEnd ? pattern : 'has brackets that are not closed'
}

/** Without `/` and `/**` at the end. */
function withoutEnd(path: string): string {
  if (path.endsWith('/')) return withoutEnd(path.slice(0, -1))
  return path.endsWith('/**') ? withoutEnd(path.slice(0, -3)) : path
}

class Reader {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length
  }

  /** Reads to the end, or inside of braces to `,` or `}`. */
  sequence(depth: number): Pattern | undefined {
    if (depth > MAX_DEPTH) return undefined
    const parts: Pattern[] = []
    while (!this.isAtEnd) {
      if (depth > 0 && (this.#isNext(',') || this.#isNext('}'))) break
      const part = this.#single(depth)
      if (!part) return undefined
      parts.push(part)
    }
    return sequence(parts)
  }

  #single(depth: number): Pattern | undefined {
    const isSegmentStart = this.#position === 0 || this.#text[this.#position - 1] === '/'
    if (isSegmentStart && this.#take('**/')) return FOLDERS
    if (isSegmentStart && this.#text.slice(this.#position) === '**') {
      this.#take('**')
      return ANY_TEXT
    }
    if (this.#take('*')) {
      while (this.#take('*'));
      return repeat(NOT_SLASH, 0)
    }
    if (this.#take('?')) return NOT_SLASH
    if (this.#take('{')) return this.#braces(depth + 1)
    if (this.#take('[')) {
      const isNegated = this.#take('!')
      const found = readClass(this.#text, this.#position)
      if (!found) return undefined
      this.#position = found.end
      return oneOf((codePoint) => codePoint !== SLASH && found.set(codePoint) !== isNegated)
    }
    this.#take('\\')
    const character = String.fromCodePoint(this.#text.codePointAt(this.#position) ?? 0)
    this.#position += character.length
    return literal(character)
  }

  #braces(depth: number): Pattern | undefined {
    const options: Pattern[] = []
    do {
      const option = this.sequence(depth)
      if (!option) return undefined
      options.push(option)
    } while (this.#take(','))
    return this.#take('}') ? choice(options) : undefined
  }

  #isNext(text: string): boolean {
    return this.#text.startsWith(text, this.#position)
  }

  #take(text: string): boolean {
    if (!this.#isNext(text)) return false
    this.#position += text.length
    return true
  }
}
