import type { Dimension, RequestClass } from './dimension.js'
import { formatPattern } from './textPattern.js'

/** Longer lists of exceptions are not shorter than the list itself. */
const MOST_EXCEPTIONS = 3

/** Some classes of a dimension in words: `["GET", "any other method"]`. Undefined for all of them. */
export function classesInWords(
  { name, atoms, classes, isPartial = false }: Dimension,
  chosen: readonly number[],
): readonly string[] | undefined {
  if (isPartial) return chosen.flatMap((index) => classes[index]?.words ?? [])
  if (chosen.length === classes.length) return undefined
  const isChosen = new Set(chosen)
  const others = classes.filter((_, index) => !isChosen.has(index))
  const list = classes.filter((_, index) => isChosen.has(index))
  const matched = (atom: number): RequestClass[] =>
    classes.filter(({ vector }) => vector[atom] === '1')
  const words: string[] = []
  const left = new Set(list)
  const patterns = atoms
    .flatMap(({ constant }, index) =>
      constant.type === 'text' && constant.pattern.kind !== 'exact'
        ? { text: formatPattern(constant.pattern), members: matched(index) }
        : [],
    )
    .sort((a, b) => b.members.length - a.members.length)
  for (const { text, members } of patterns) {
    if (members.length < 2 || !members.every((each) => list.includes(each))) continue
    if (!members.some((each) => left.has(each))) continue
    words.push(text)
    for (const member of members) left.delete(member)
  }
  for (const each of left) {
    const except = (
      patterns.find(({ text, members }) => text === each.words && members.includes(each))
        ?.members ?? []
    ).filter((member) => member !== each && others.includes(member))
    words.push(
      except.length === 0 || except.length > MOST_EXCEPTIONS
        ? each.words
        : `${each.words} except ${except.map((member) => member.words).join(' and ')}`,
    )
  }
  const shortened = exceptWords(name, list, others)
  return shortened === undefined ? words : [shortened]
}

/** `any method except DELETE`, where that is shorter. */
function exceptWords(
  name: Dimension['name'],
  list: readonly RequestClass[],
  others: readonly RequestClass[],
): string | undefined {
  const hasRest = list.some(({ words }) => words.startsWith('any other'))
  if (!hasRest || others.length > MOST_EXCEPTIONS) return undefined
  const noun = name.startsWith('header ') ? 'value' : name
  return `any ${noun} except ${others.map(({ words }) => words).join(', ')}`
}
