// UTF-16 units with a meaning in YAML, for the block reader.

export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
export const DOUBLE_QUOTE = 34
export const HASH = 35
export const PERCENT = 37
export const AMPERSAND = 38
export const SINGLE_QUOTE = 39
export const ASTERISK = 42
export const COMMA = 44
export const DASH = 45
export const DOT = 46
const SLASH = 47
export const COLON = 58
export const GREATER = 62
export const OPEN_BRACKET = 91
export const CLOSE_BRACKET = 93
const UNDERSCORE = 95
export const OPEN_BRACE = 123
export const BAR = 124
export const CLOSE_BRACE = 125
export const BOM = 0xfeff

/** ASCII letters, digits and underscores. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === UNDERSCORE
  )
}

export function isKeyUnit(code: number): boolean {
  return isWord(code) || code === DOT || code === DASH || code === SLASH
}

/** A space, a line break or the end of the text. The texts contain no tabs. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === CR || Number.isNaN(code)
}

export function isFlowMark(code: number): boolean {
  return (
    code === COMMA ||
    code === OPEN_BRACKET ||
    code === CLOSE_BRACKET ||
    code === OPEN_BRACE ||
    code === CLOSE_BRACE
  )
}
