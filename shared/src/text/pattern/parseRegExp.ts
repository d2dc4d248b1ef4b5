import { classEscape, literalEscape, readClass } from './characterClass.js'
import {
  choice,
  EMPTY,
  literal,
  oneOf,
  repeat,
  sequence,
  type CharacterSet,
  type Pattern,
} from './pattern.js'

/** Longer expressions are not read. */
const MAX_LENGTH = 1_000
const MAX_DEPTH = 50
/** RE2 and Go allow at most this number of repetitions. */
const MAX_REPEAT = 1_000
const LINE_FEED = 10

/**
 * Reads a regular expression as RE2 and Go do. Undefined for an expression that is wrong or that has syntax that is not
 * supported here: flags, back references, word boundaries, Unicode and POSIX classes.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function parseRegExp(text: string, ignoresCase = false): Pattern | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const parser = new Parser(text, ignoresCase)
  try {
    return parser.whole()
  } catch (error) {
    if (error instanceof NotSupported) return undefined
    throw error
  }
}

class NotSupported extends Error {}

class Parser {
  readonly #text: string
  readonly #ignoresCase: boolean
  #position = 0
  #depth = 0

  constructor(text: string, ignoresCase: boolean) {
    this.#text = text
    this.#ignoresCase = ignoresCase
  }

  whole(): Pattern {
    const pattern = this.#choice()
    if (this.#position < this.#text.length) throw new NotSupported()
    return pattern
  }

  #choice(): Pattern {
    if (++this.#depth > MAX_DEPTH) throw new NotSupported()
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    this.#depth--
    const [only = EMPTY, ...others] = options
    return others.length === 0 ? only : choice(options)
  }

  #sequence(): Pattern {
    const parts: Pattern[] = []
    while (this.#position < this.#text.length && !this.#isNext('|') && !this.#isNext(')'))
      parts.push(this.#repeated())
    return sequence(parts)
  }

  #repeated(): Pattern {
    const part = this.#single()
    const limits = this.#quantifier()
    if (!limits) return part
    // `+?` matches the same texts as `+`. RE2 rejects `a**`.
    this.#take('?')
    if (this.#quantifier()) throw new NotSupported()
    return repeat(part, ...limits)
  }

  #single(): Pattern {
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) {
      const found = readClass(this.#text, this.#position)
      if (!found) throw new NotSupported()
      this.#position = found.end
      return this.#character(found.set)
    }
    if (this.#take('^')) return { kind: 'start' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('.')) return oneOf((codePoint) => codePoint !== LINE_FEED)
    if (this.#take('\\')) return this.#escape()
    // A repetition of nothing.
    if (this.#quantifier()) throw new NotSupported()
    const codePoint = this.#next()
    return this.#character((candidate) => candidate === codePoint)
  }

  #group(): Pattern {
    if (this.#take('?')) {
      const rest = this.#text.slice(this.#position)
      const name = /^(?::|P?<[A-Za-z_]\w{0,100}>)/.exec(rest)?.[0]
      if (name === undefined) throw new NotSupported()
      this.#position += name.length
    }
    const pattern = this.#choice()
    if (!this.#take(')')) throw new NotSupported()
    return pattern
  }

  #escape(): Pattern {
    const letter = String.fromCodePoint(this.#next())
    const set = classEscape(letter)
    if (set) return oneOf(set)
    const character = literalEscape(letter)
    if (character === undefined) throw new NotSupported()
    return this.#ignoresCase
      ? this.#character((candidate) => candidate === character.codePointAt(0))
      : literal(character)
  }

  /** `*`, `+`, `?`, `{2}`, `{2,}` or `{2,5}`; a `{` without numbers is a character. */
  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    const braces = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(
      this.#text.slice(this.#position, this.#position + 12),
    )
    if (!braces || (braces[2] === '' && braces[3] !== '')) return undefined
    const min = Number(braces[1])
    const max = braces[2] === '' ? min : braces[3] === '' ? Infinity : Number(braces[3])
    if (min > MAX_REPEAT || max < min || (max !== Infinity && max > MAX_REPEAT))
      throw new NotSupported()
    this.#position += braces[0].length
    return [min, max]
  }

  #character(set: CharacterSet): Pattern {
    return oneOf(this.#ignoresCase ? withoutCase(set) : set)
  }

  #next(): number {
    const codePoint = this.#text.codePointAt(this.#position)
    if (codePoint === undefined) throw new NotSupported()
    this.#position += codePoint > 0xffff ? 2 : 1
    return codePoint
  }

  #isNext(character: string): boolean {
    return this.#text[this.#position] === character
  }

  #take(character: string): boolean {
    if (!this.#isNext(character)) return false
    this.#position++
    return true
  }
}

function withoutCase(set: CharacterSet): CharacterSet {
  return (codePoint) => {
    const character = String.fromCodePoint(codePoint)
    return (
      set(codePoint) ||
      set(character.toLowerCase().codePointAt(0) ?? codePoint) ||
      set(character.toUpperCase().codePointAt(0) ?? codePoint)
    )
  }
}
