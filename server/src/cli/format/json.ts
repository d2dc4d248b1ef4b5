/** Characters that JSON allows in a string, but that a terminal or a log can take for a command. */
const UNPRINTABLE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu

/**
 * A value as JSON that is safe in a terminal and in the log of a workflow. It has the same meaning as
 * `JSON.stringify`: only strings can contain the characters that are escaped.
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
    .replace(UNPRINTABLE, (character) =>
      Array.from({ length: character.length }, (_, index) =>
        escape(character.charCodeAt(index)),
      ).join(''),
    )
    .replaceAll('##[', '#\\u0023[')
}

function escape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
