import type { FieldPath } from '../../yaml/node.js'
import type { DecodeProblem } from '../objectReader.js'

/** Reports a problem that a check finds. */
export type ReportProblem = (problem: DecodeProblem) => void

/** A path as `kubectl` writes it: `spec.rules[0].to[0].operation.ports[0]`. */
export function pathText(path: FieldPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${String(segment)}]`
    if (segment === '' || /[^\w-]/.test(segment)) return `${text}["${shortened(segment)}"]`
    return text === '' ? segment : `${text}.${shortened(segment)}`
  }, '')
}

/** A value, shortened for a message. */
export function shortened(value: string): string {
  return value.length > 32 ? `${value.slice(0, 31)}…` : value
}

/** The longest message. */
const MAX_MESSAGE = 140

/**
 * A problem in the words of the API server, after the path of the field; after the last part of the
 * path if the message would be too long.
 */
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

/** The last field with its indexes: `paths[0]`. */
function endOf(path: FieldPath): FieldPath {
  return path.slice(path.findLastIndex((segment) => typeof segment === 'string'))
}
