import type { FieldPath } from '../../yaml/node.js'
import type { DecodeProblem } from '../objectReader.js'

/** Takes one complaint of a check. */
export type Complain = (problem: DecodeProblem) => void

/** A path as `kubectl` writes it: `spec.rules[0].to[0].operation.ports[0]`. */
export function pathText(path: FieldPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${String(segment)}]`
    if (segment === '' || /[^\w-]/.test(segment)) return `${text}["${brief(segment)}"]`
    return text === '' ? segment : `${text}.${brief(segment)}`
  }, '')
}

/** A value of a manifest, short enough for a message. */
export function brief(value: string): string {
  return value.length > 32 ? `${value.slice(0, 31)}…` : value
}

/** Longer messages are read by nobody. */
const MAX_MESSAGE = 140

/** A complaint in the API's own words, led by the path, or by its end where both are long. */
export function problemAt(
  path: FieldPath,
  words: string,
  more: Omit<DecodeProblem, 'path' | 'message'> = {},
): DecodeProblem {
  const message = `${pathText(path)}: ${words}`
  return {
    ...more,
    path,
    message: message.length <= MAX_MESSAGE ? message : `${pathText(endOf(path))}: ${words}`,
  }
}

/** The last field and its indexes: `paths[0]`. */
function endOf(path: FieldPath): FieldPath {
  return path.slice(path.findLastIndex((segment) => typeof segment === 'string'))
}
