import type { CharacterSet } from './pattern.js'

const CONTROLS: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
}

/** The character of an escape such as `\.` or `\n`. Undefined for other escapes. */
export function literalEscape(letter: string): string | undefined {
  return /^[!-/:-@[-`{-~]$/.test(letter) ? letter : CONTROLS[letter]
}

/** The set of `\d`, `\w`, `\s` and their complements, in ASCII as in RE2. */
export function classEscape(letter: string): CharacterSet | undefined {
  const set = CLASSES[letter.toLowerCase()]
  if (!set) return undefined
  return letter === letter.toLowerCase() ? set : (codePoint) => !set(codePoint)
}

const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: range('0', '9'),
  w: anyOf([range('0', '9'), range('A', 'Z'), range('a', 'z'), range('_', '_')]),
  s: anyOf([range('\t', '\n'), range('\f', '\r'), range(' ', ' ')]),
}

/**
 * Reads `a-z0-9]` or `^a-z]`, the text after `[`. `end` is the place after `]`. Undefined if it is not closed, or has a
 * POSIX or Unicode class.
 */
export function readClass(
  text: string,
  start: number,
): { readonly set: CharacterSet; readonly end: number } | undefined {
  let position = start
  const isNegated = text[position] === '^'
  if (isNegated) position++
  const sets: CharacterSet[] = []
  for (let first = true; first || text[position] !== ']'; first = false) {
    const from = readMember(text, position)
    if (!from || text.startsWith('[:', position)) return undefined
    position = from.end
    if (typeof from.member !== 'string') {
      sets.push(from.member)
    } else if (text[position] === '-' && text[position + 1] !== ']') {
      const to = readMember(text, position + 1)
      if (typeof to?.member !== 'string' || to.member < from.member) return undefined
      sets.push(range(from.member, to.member))
      position = to.end
    } else {
      sets.push(range(from.member, from.member))
    }
  }
  const set = anyOf(sets)
  return { set: isNegated ? (codePoint) => !set(codePoint) : set, end: position + 1 }
}

/** One character, or the set of an escape. */
function readMember(
  text: string,
  position: number,
): { readonly member: string | CharacterSet; readonly end: number } | undefined {
  const codePoint = text.codePointAt(position)
  if (codePoint === undefined) return undefined
  const character = String.fromCodePoint(codePoint)
  if (character !== '\\') return { member: character, end: position + character.length }
  const letter = text[position + 1] ?? ''
  const member = classEscape(letter) ?? literalEscape(letter)
  return member === undefined ? undefined : { member, end: position + 2 }
}

function range(from: string, to: string): CharacterSet {
  const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]
  return (codePoint) => codePoint >= first && codePoint <= last
}

function anyOf(sets: readonly CharacterSet[]): CharacterSet {
  return (codePoint) => sets.some((set) => set(codePoint))
}
