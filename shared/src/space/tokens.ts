import { parseRequestPrincipal } from '../vocabulary/requestPrincipal.js'
import type { Atom } from './atom.js'
import { GENERALITY, type Candidate } from './candidate.js'
import { checkCount, pairsOf } from './limits.js'
import { textCandidates } from './strings.js'
import { textPattern, type TextPattern } from './textPattern.js'

type Claims = Readonly<Record<string, unknown>>

/** Some claims of a token, with words and generality as a `Candidate` has them. */
interface ClaimChoice extends Pick<Candidate, 'words' | 'generality'> {
  readonly set: (claims: Claims) => Claims
}

const NOTHING: ClaimChoice = { words: '', generality: GENERALITY.rest, set: (claims) => claims }

/** More combinations are cut, and the atoms then have classes that no candidate shows. */
const MOST_TOKENS = 20_000

/**
 * Tokens: none, and for each issuer that a RequestAuthentication verifies the combinations of subjects and claims. A
 * claim is absent, has one value, or is a list of two.
 *
 * @returns undefined if the combinations are too many.
 */
export function tokenCandidates(atoms: readonly Atom[], most: number): Candidate[] | undefined {
  const constants = atoms.map(({ constant }) => constant)
  const issuers = constants.flatMap((each) => (each.type === 'issuer' ? each.value : []))
  const subjects = [
    ...constants.flatMap((each) =>
      each.type === 'request principal' ? subjectPatterns(each.value) : [],
    ),
    ...constants.flatMap((each) =>
      each.type === 'claim' && each.path.join() === 'sub' ? each.pattern : [],
    ),
  ]
  const choices = [subjectChoices(subjects, most), ...claimChoices(atoms, most)]
  const count = choices.reduce((product, each) => product * each.length, issuers.length)
  if (count > MOST_TOKENS) return undefined
  const combinations = choices.reduce<readonly (readonly ClaimChoice[])[]>(
    (all, next) => all.flatMap((chosen) => next.map((choice) => [...chosen, choice])),
    [[]],
  )
  return [
    { words: 'no verified token', generality: GENERALITY.rest, patch: { http: {} } },
    ...issuers.flatMap((issuer) =>
      combinations.map((chosen): Candidate => {
        const parts = chosen.filter(({ words }) => words !== '').map(({ words }) => words)
        return {
          words: [`a token of ${issuer}`, ...parts].join(', '),
          generality: chosen.some(({ generality }) => generality === GENERALITY.list)
            ? GENERALITY.list
            : GENERALITY.exact,
          patch: {
            http: {
              claims: chosen.reduce<Claims>((claims, { set }) => set(claims), { iss: issuer }),
            },
          },
        }
      }),
    ),
  ]
}

/** The part of a request principal that a subject can match (generator.go:263-321). */
function subjectPatterns(value: string): TextPattern[] {
  if (value === '*') return []
  const parsed = parseRequestPrincipal(value)
  if (!parsed) return value.startsWith('*') ? [textPattern(value)] : []
  return [
    value.startsWith('*') ? { kind: 'exact', text: parsed.subject } : textPattern(parsed.subject),
  ]
}

function subjectChoices(patterns: readonly TextPattern[], most: number): ClaimChoice[] {
  const texts = textCandidates(patterns, '', most)
  return [
    ...texts.map(({ text, words, generality }): ClaimChoice => ({
      words: words === '' ? '' : `subject ${words}`,
      generality,
      set: (claims) => ({ ...claims, sub: text }),
    })),
    { words: 'no subject', generality: GENERALITY.exact, set: (claims) => claims },
  ]
}

/** The choices of each claim that a policy reads, other than issuer and subject. */
function claimChoices(atoms: readonly Atom[], most: number): ClaimChoice[][] {
  const byPath = new Map<string, { path: readonly string[]; patterns: TextPattern[] }>()
  for (const { constant } of atoms) {
    if (constant.type !== 'claim') continue
    const key = JSON.stringify(constant.path)
    if (key === '["iss"]' || key === '["sub"]') continue
    const known = byPath.get(key) ?? { path: constant.path, patterns: [] }
    byPath.set(key, known)
    known.patterns.push(constant.pattern)
  }
  return [...byPath.values()].map(({ path, patterns }) => {
    const texts = textCandidates(patterns, 'any other value', most)
    checkCount(pairsOf(texts), most)
    const name = path.join('.')
    return [
      NOTHING,
      ...texts.map(({ text, words, generality }): ClaimChoice => ({
        words: `${name} ${words}`,
        generality,
        set: (claims) => withClaim(claims, path, text),
      })),
      ...texts.flatMap((first, index) =>
        texts.slice(index + 1).map((second): ClaimChoice => ({
          words: `${name} ${first.words} and ${second.words}`,
          generality: GENERALITY.list,
          set: (claims) => withClaim(claims, path, [first.text, second.text]),
        })),
      ),
    ]
  })
}

function withClaim(
  claims: Claims,
  [name = '', ...nested]: readonly string[],
  value: unknown,
): Claims {
  if (nested.length === 0) return { ...claims, [name]: value }
  const inner = claims[name]
  return {
    ...claims,
    [name]: withClaim(isRecord(inner) ? inner : {}, nested, value),
  }
}

function isRecord(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
