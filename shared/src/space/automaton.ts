import { normalizePath } from '../waypoint/path.js'
import type { TextPattern } from './textPattern.js'

/** One character of a path. Characters of which no pattern has one are read in the same way. */
type Letter = string

/** A part of a pattern: one character, or any number of characters of a set. */
type Part =
  | { readonly one: (letter: Letter) => boolean }
  | { readonly many: (letter: Letter) => boolean }

/** Characters that `{*}` matches (docs/semantics.md §3.9). */
const SEGMENT = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]$/
const inSegment = (letter: Letter): boolean => SEGMENT.test(letter)
const inPath = (letter: Letter): boolean => letter === '/' || inSegment(letter)
const anything = (): boolean => true

/**
 * A pattern as an automaton. State `n` of the pattern is in front of part `n`; a state of the automaton is a set of
 * them. They are made as they are reached, and numbered from 0, the start.
 */
export class PatternAutomaton {
  readonly #parts: readonly Part[]
  readonly #sets: (readonly number[])[] = []
  readonly #numbers = new Map<string, number>()
  readonly #steps: Map<Letter, number>[] = []

  constructor({ kind, text }: TextPattern) {
    this.#parts = partsOf(kind, text)
    this.#numberOf(this.#close([0]))
  }

  next(state: number, letter: Letter): number {
    const steps = this.#steps[state]
    const known = steps?.get(letter)
    if (known !== undefined) return known
    const reached = (this.#sets[state] ?? []).flatMap((at) => {
      const part = this.#parts[at]
      if (!part) return []
      if ('many' in part) return part.many(letter) ? [at] : []
      return part.one(letter) ? [at + 1] : []
    })
    const number = this.#numberOf(this.#close(reached))
    steps?.set(letter, number)
    return number
  }

  accepts(state: number): boolean {
    return this.#sets[state]?.includes(this.#parts.length) ?? false
  }

  #numberOf(set: readonly number[]): number {
    const key = set.join()
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#sets.length)
    this.#steps.push(new Map())
    return this.#sets.push(set) - 1
  }

  /** A part that repeats can be left out. */
  #close(states: readonly number[]): readonly number[] {
    const closed = new Set<number>()
    for (const state of states) {
      let at = state
      closed.add(at)
      for (let part = this.#parts[at]; part && 'many' in part; part = this.#parts[at]) {
        at += 1
        closed.add(at)
      }
    }
    return [...closed].sort((a, b) => a - b)
  }
}

function partsOf(kind: TextPattern['kind'], text: string): Part[] {
  const literal = Array.from(text, one)
  switch (kind) {
    case 'exact':
      return literal
    case 'prefix':
      return [...literal, { many: anything }]
    case 'suffix':
      return [{ many: anything }, ...literal]
    case 'present':
      return [{ one: anything }, { many: anything }]
    case 'template':
      return templateParts(text)
    case 'below':
      throw new Error('A path with everything below it is two patterns.')
  }
}

function one(character: string): Part {
  return { one: (letter) => letter === character }
}

function templateParts(template: string): Part[] {
  return template.split(/(\{\*\*\}|\{\*\})/).flatMap((part): Part[] => {
    if (part === '{*}') return [{ one: inSegment }, { many: inSegment }]
    return part === '{**}' ? [{ many: inPath }] : Array.from(part, one)
  })
}

/** The characters that must be told apart: those of the patterns, one more of segments, and one outside of them. */
function alphabetOf(patterns: readonly TextPattern[]): Letter[] {
  const used = new Set(patterns.flatMap(({ text }) => Array.from(text.replace(/\{\*{1,2}\}/g, ''))))
  used.add('/')
  const other = (characters: string): string[] =>
    characters
      .split('')
      .filter((character) => !used.has(character))
      .slice(0, 1)
  const outside = ['?', '#', '\\', '*', '{', '}']
  return [
    ...[...used].filter((character) => !outside.includes(character)),
    ...other('zqxkvjwyhbfgmpudolcnairest0123456789'),
    ...other('|^"<>`'),
  ]
}

/** States of the product that are followed before the search gives up. */
const MOST_STATES = 10_000
/** Steps of the automata, and characters of paths that are read, before the search gives up. */
const MOST_STEPS = 10_000_000

/**
 * The shortest path for each set of patterns that one path can match. A path starts with `/`, and its normal form is
 * the path itself.
 *
 * @returns undefined if the search needs too many states.
 */
export function pathsByMatches(patterns: readonly TextPattern[]): readonly string[] | undefined {
  const automata = patterns.map((pattern) => new PatternAutomaton(pattern))
  const letters = alphabetOf(patterns)
  const found = new Map<string, string>()
  const seen = new Set<string>()
  const pending: { readonly path: string; readonly states: readonly number[] }[] = []
  const reach = (path: string, states: readonly number[]): void => {
    const key = `${states.join()} ${endOf(path)}`
    if (seen.has(key)) return
    seen.add(key)
    pending.push({ path, states })
    if (normalizePath(path) !== path) return
    const matches = automata.map((each, index) => each.accepts(states[index] ?? 0)).join()
    if (!found.has(matches)) found.set(matches, path)
  }
  const step = (states: readonly number[], letter: Letter): number[] =>
    automata.map((automaton, index) => automaton.next(states[index] ?? 0, letter))
  let steps = 0
  reach('/', step([], '/'))
  for (let at = pending[0], index = 0; at; at = pending[++index]) {
    steps += letters.length * (automata.length + at.path.length)
    if (seen.size > MOST_STATES || steps > MOST_STEPS) return undefined
    for (const letter of letters) {
      const path = at.path + letter
      if (!/\/\.{1,2}\/$/.test(path) && !decodes(path)) reach(path, step(at.states, letter))
    }
  }
  return [...found.values()]
}

/** What decides whether a longer path is its own normal form: the dots at the end, and an escape that has begun. */
function endOf(path: string): string {
  return /\/\.{0,2}$|%[0-9A-Fa-f]?$/.exec(path)?.[0] ?? ''
}

/** Whether the path ends with an escape that Envoy decodes. */
function decodes(path: string): boolean {
  return (
    /%[0-9A-Fa-f]{2}$/.test(path) && normalizePath(`/${path.slice(-3)}`) !== `/${path.slice(-3)}`
  )
}
