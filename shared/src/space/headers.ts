import type { Atom } from './atom.js'
import { GENERALITY, type Candidate } from './candidate.js'
import { examplesOf } from './regex.js'
import { checkCount, pairsOf } from './limits.js'
import { textCandidates, type TextCandidate } from './strings.js'
import type { TextPattern } from './textPattern.js'

/** The patterns of the atoms of a string dimension. */
export function patternsOf(atoms: readonly Atom[]): TextPattern[] {
  return atoms.flatMap(({ constant }) => (constant.type === 'text' ? constant.pattern : []))
}

/** Texts for the regular expressions of routes, which have no closed form: one example each. */
export function regexCandidates(atoms: readonly Atom[]): TextCandidate[] {
  return atoms.flatMap(({ constant }) =>
    constant.type === 'regex'
      ? examplesOf(constant.expression).map((text) => ({
          text,
          words: constant.expression,
          generality: GENERALITY.pattern,
        }))
      : [],
  )
}

/** Methods. `GET` is first, because it is the simplest example of a method that no policy names. */
export function methodCandidates(atoms: readonly Atom[], most: number): Candidate[] {
  const rest = 'any other method'
  const texts: TextCandidate[] = [
    { text: 'GET', words: rest, generality: GENERALITY.rest },
    ...textCandidates(patternsOf(atoms), rest, most),
    ...regexCandidates(atoms),
  ]
  return exactFirst(texts).flatMap(({ text: method, ...words }) =>
    method === '' ? [] : [{ ...words, patch: { http: { method } } }],
  )
}

/** A constant that is also the example of another kind of words keeps its own words. */
function exactFirst(texts: readonly TextCandidate[]): TextCandidate[] {
  const exact = new Map(
    texts
      .filter(({ generality }) => generality === GENERALITY.exact)
      .map((each) => [each.text, each]),
  )
  return texts.map((each) => exact.get(each.text) ?? each)
}

/** Hosts. Envoy compares hosts in lower case, but `:authority` and the routes compare the text as it is sent. */
export function hostCandidates(atoms: readonly Atom[], most: number): Candidate[] {
  const isRaw = atoms.some(({ constant }) => constant.type !== 'text' || constant.isRaw)
  const texts = [
    ...textCandidates(patternsOf(atoms), 'any other host', most),
    ...regexCandidates(atoms),
  ].flatMap((each) =>
    isRaw && each.text !== each.text.toUpperCase()
      ? [
          each,
          {
            ...each,
            text: each.text.toUpperCase(),
            words: `${each.words} in upper case`,
            generality: GENERALITY.part,
          },
        ]
      : [each],
  )
  return [
    { words: 'no host', generality: GENERALITY.exact, patch: { http: {} } },
    ...texts.flatMap(({ text: host, ...words }) =>
      host === '' ? [] : [{ ...words, patch: { http: { host } } }],
    ),
  ]
}

/** Values of a header: absent, one value, or two lines with different values. */
export function headerCandidates(name: string, atoms: readonly Atom[], most: number): Candidate[] {
  const texts = [
    ...textCandidates(patternsOf(atoms), 'any other value', most),
    ...regexCandidates(atoms),
    { text: '', words: 'an empty value', generality: GENERALITY.exact },
  ]
  checkCount(pairsOf(texts), most)
  const withValue = (value: string | readonly string[]): Candidate['patch'] => ({
    http: { headers: { [name]: value } },
  })
  return [
    { words: 'absent', generality: GENERALITY.exact, patch: { http: {} } },
    ...texts.map(({ text, ...words }) => ({ ...words, patch: withValue(text) })),
    ...texts.flatMap((first, index) =>
      texts.slice(index + 1).map((second) => ({
        words: `${first.words} and ${second.words}`,
        generality: GENERALITY.list,
        patch: withValue([first.text, second.text]),
      })),
    ),
  ]
}
