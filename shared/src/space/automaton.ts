import { normalizePath } from '../waypoint/path.js'
import type { TextPattern } from './textPattern.js'

/** One character of a path. Characters of which no pattern has one are read in the same way. */
type Letter = string

/** A part of a pattern: one character, or any number of characters of a set. */
type Part =
  { readonly one: (letter: Letter) => boolean } | { readonly many: (letter: Letter) => boolean }

/** Characters that `{*}` matches (docs/semantics.md §3.9). */
const SEGMENT = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]$/
const inSegment = (letter: Letter): boolean => SEGMENT.test(letter)
const inPath = (letter: Letter): boolean => letter === '/' || inSegment(letter)
const anything = (): boolean => true

/** A pattern as a non-deterministic automaton: state `n` is in front of part `n`. */
export class PatternAutomaton {
  readonly #parts: readonly Part[]

  constructor({ kind, text }: TextPattern) {
    const literal = Array.from(text, one)
    switch (kind) {
      case 'exact':
        this.#parts = literal
        break
      case 'prefix':
        this.#parts = [...literal, { many: anything }]
        break
      case 'suffix':
        this.#parts = [{ many: anything }, ...literal]
        break
      case 'present':
        this.#parts = [{ one: anything }, { many: anything }]
        break
      case 'template':
        this.#parts = templateParts(text)
    }
  }

  get start(): readonly number[] {
    return this.#close([0])
  }

  next(states: readonly number[], letter: Letter): readonly number[] {
    const reached = states.flatMap((state) => {
      const part = this.#parts[state]
      if (!part) return []
      if ('many' in part) return part.many(letter) ? [state] : []
      return part.one(letter) ? [state + 1] : []
    })
    return this.#close(reached)
  }

  accepts(states: readonly number[]): boolean {
    return states.includes(this.#parts.length)
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
const MOST_STATES = 40_000

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
  const step = (states: readonly (readonly number[])[], letter: Letter) =>
    automata.map((automaton, index) => automaton.next(states[index] ?? [], letter))
  let frontier = [
    {
      path: '/',
      states: step(
        automata.map(({ start }) => start),
        '/',
      ),
    },
  ]
  const seen = new Set<string>()
  while (frontier.length > 0) {
    const next: typeof frontier = []
    for (const { path, states } of frontier) {
      const key = `${states.join(';')} ${endOf(path)}`
      if (seen.has(key)) continue
      seen.add(key)
      if (seen.size > MOST_STATES) return undefined
      if (normalizePath(path) === path) {
        const matches = automata
          .map((automaton, index) => (automaton.accepts(states[index] ?? []) ? '1' : '0'))
          .join('')
        if (!found.has(matches)) found.set(matches, path)
      }
      for (const letter of letters) {
        const longer = path + letter
        if (!/\/\.{1,2}\/$/.test(longer) && !decodes(longer))
          next.push({ path: longer, states: step(states, letter) })
      }
    }
    frontier = next
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
