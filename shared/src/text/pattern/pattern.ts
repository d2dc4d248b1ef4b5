/** Whether a character, given as its code point, belongs to a set. */
export type CharacterSet = (codePoint: number) => boolean

/** A pattern as a tree. It describes whole texts. */
export type Pattern =
  | { readonly kind: 'character'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | {
      readonly kind: 'repeat'
      readonly part: Pattern
      readonly min: number
      /** `Infinity` without a limit. */
      readonly max: number
    }
  /** The start or the end of the text. */
  | { readonly kind: 'start' | 'end' }

export const EMPTY: Pattern = { kind: 'sequence', parts: [] }

export function oneOf(set: CharacterSet): Pattern {
  return { kind: 'character', set }
}

export function literal(text: string): Pattern {
  return sequence(Array.from(text, (character) => oneOf(is(character.codePointAt(0) ?? 0))))
}

export function sequence(parts: readonly Pattern[]): Pattern {
  return { kind: 'sequence', parts }
}

export function choice(options: readonly Pattern[]): Pattern {
  return { kind: 'choice', options }
}

export function repeat(part: Pattern, min: number, max = Infinity): Pattern {
  return { kind: 'repeat', part, min, max }
}

function is(wanted: number): CharacterSet {
  return (codePoint) => codePoint === wanted
}
