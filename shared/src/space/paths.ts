import { matchesPath, normalizePath } from '../waypoint/path.js'
import type { Atom } from './atom.js'
import { pathsByMatches } from './automaton.js'
import { GENERALITY, type Candidate } from './candidate.js'
import { patternsOf, regexCandidates } from './headers.js'
import { checkCount } from './limits.js'
import { textCandidates, type TextCandidate } from './strings.js'
import { formatPattern, freshText, type TextPattern } from './textPattern.js'

const REST = 'any other path'

/**
 * Paths: those of the patterns, and for patterns that read the path as it is sent (conditions on `:path`, and routes)
 * other spellings of each.
 *
 * @returns undefined if the templates have too many combinations.
 */
export function pathCandidates(atoms: readonly Atom[], most: number): Candidate[] | undefined {
  const patterns = patternsOf(atoms)
  const normal = patterns.some(({ kind }) => kind === 'template')
    ? templatePaths(patterns)
    : simplePaths(patterns, most)
  if (!normal) return undefined
  const sent = sentSpellings(atoms, [...normal, ...regexCandidates(atoms)], most)
  const root: TextCandidate = { text: '/', words: REST, generality: GENERALITY.rest }
  return [root, ...normal, ...sent].map(({ text: path, ...words }) => ({
    ...words,
    patch: { http: { path } },
  }))
}

function simplePaths(patterns: readonly TextPattern[], most: number): TextCandidate[] {
  const root: TextPattern = { kind: 'prefix', text: '/' }
  return textCandidates([...patterns, root], REST, most).flatMap((each) =>
    isPath(each.text)
      ? [
          each.words === '/*'
            ? { ...each, words: REST, generality: GENERALITY.rest }
            : withoutRoot(each),
        ]
      : [],
  )
}

/** `/*.png` is `*.png`: every path starts with `/`. */
function withoutRoot(each: TextCandidate): TextCandidate {
  return each.generality === GENERALITY.part && each.words.startsWith('/*')
    ? { ...each, words: each.words.slice(1), generality: GENERALITY.pattern }
    : each
}

function isPath(text: string): boolean {
  return text.startsWith('/') && normalizePath(text) === text
}

function templatePaths(patterns: readonly TextPattern[]): TextCandidate[] | undefined {
  const separate = patterns.flatMap((pattern): TextPattern[] =>
    pattern.kind === 'below'
      ? [
          { kind: 'exact', text: pattern.text },
          { kind: 'prefix', text: `${pattern.text}/` },
        ]
      : [pattern],
  )
  const distinct = [
    ...new Map(separate.map((pattern) => [formatPattern(pattern), pattern])).values(),
  ]
  const matched = distinct.filter(({ kind }) => kind !== 'exact')
  const paths = pathsByMatches(distinct)
  return paths?.map((text) => {
    const exact = distinct.find((pattern) => pattern.kind === 'exact' && pattern.text === text)
    const names = matched
      .filter((pattern) => matchesPath(formatPattern(pattern), text))
      .map(formatPattern)
    if (exact) return { text, words: text, generality: GENERALITY.exact }
    return names.length === 0
      ? { text, words: REST, generality: GENERALITY.rest }
      : {
          text,
          words: names.join(' and '),
          generality: names.length === 1 ? GENERALITY.pattern : GENERALITY.part,
        }
  })
}

/**
 * Other spellings of paths, where something reads the path as it is sent: with a query, and with segments that
 * normalisation removes, so that the text starts or ends differently.
 */
function sentSpellings(
  atoms: readonly Atom[],
  normal: readonly TextCandidate[],
  most: number,
): TextCandidate[] {
  const constants = atoms.map(({ constant }) => constant)
  const queries = constants.flatMap((each) => (each.type === 'query' ? queryTexts(each, most) : []))
  const sent = constants.flatMap((each) =>
    each.type === 'text' && each.isRaw && each.pattern.kind !== 'template' ? each.pattern : [],
  )
  if (sent.length === 0 && queries.length === 0) return []
  const fresh = freshText(
    constants.flatMap((each) => (each.type === 'text' ? each.pattern.text : [])),
  )
  const starts = sent
    .filter(({ kind, text }) => (kind === 'prefix' || kind === 'below') && text.startsWith('/'))
    .map(({ text }) => `${text}${fresh}${'/..'.repeat(text.split('/').length - 1)}`)
  const ends = [
    '',
    `?${fresh}`,
    ...queries.map((text) => `?${text}`),
    ...sent.filter(({ kind }) => kind === 'suffix').map(({ text }) => `?${text}`),
  ]
  checkCount(normal.length * (starts.length + 2) * ends.length, most)
  const spelled = normal.flatMap(({ text, words }) =>
    ['', '/.', ...starts].flatMap((start) =>
      ends.map((end): TextCandidate => ({
        text: start + text + end,
        words: start + end === '' ? words : `${words}, sent as ${start}${text}${end}`,
        generality: GENERALITY.part,
      })),
    ),
  )
  const exact = sent
    .filter(({ kind, text }) => (kind === 'exact' || kind === 'below') && text.startsWith('/'))
    .map(({ text }): TextCandidate => ({ text, words: text, generality: GENERALITY.exact }))
  return [...exact, ...spelled]
}

/** Queries with a parameter: with a value of the pattern, and with another one. */
function queryTexts(
  { name, pattern }: { readonly name: string; readonly pattern: TextPattern },
  most: number,
): string[] {
  const key = encodeURIComponent(name)
  return textCandidates([pattern], '', most).map(({ text }) => `${key}=${encodeURIComponent(text)}`)
}
