import type { YamlScalar } from './node.js'

const NINE = 57
const MAY_BE_NUMBER = /^[-+.\d]/
const INTEGER = /^[-+]?\d+$/
const OCTAL_OR_HEX = /^0(?:o[0-7]+|x[\da-fA-F]+)$/
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ...['.inf', '.Inf', '.INF'].flatMap((word): [string, number][] => [
    [word, Infinity],
    [`+${word}`, Infinity],
    [`-${word}`, -Infinity],
  ]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, number] => [word, Number.NaN]),
])
/** The length of `false`. */
const LONGEST_WORD = 5
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
  ...['true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
])

/** The value of an unquoted scalar in the core schema (YAML 1.2.2 §10.3.2). */
export function plainValue(source: string): YamlScalar['value'] {
  // Letters and `~` have higher codes than digits. Most scalars start with one, and are too long to be one of the words.
  if (source.charCodeAt(0) > NINE) {
    const word = source.length <= LONGEST_WORD ? WORDS.get(source) : undefined
    return word === undefined ? source : word
  }
  if (!MAY_BE_NUMBER.test(source)) return source
  if (INTEGER.test(source) || FLOAT.test(source)) return Number(source)
  if (OCTAL_OR_HEX.test(source)) return Number(source)
  return NOT_FINITE.get(source) ?? source
}
