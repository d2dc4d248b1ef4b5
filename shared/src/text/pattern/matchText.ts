import type { Pattern } from './pattern.js'
import { compilePattern, type Step } from './program.js'

/** Whether the whole text matches. Undefined if this needs too much work. */
export type TextMatcher = (text: string) => boolean | undefined

/** Limit of the steps for one text. The work is at most the length of the text times the size of the pattern. */
export const MAX_WORK = 2_000_000

/**
 * Compiles a pattern. Undefined if it is too large. The matcher follows all ways through the pattern at once and never
 * goes back, so that the time is proportional to the length of the text (Thompson, Regular Expression Search
 * Algorithm, 1968).
 *
 * @param options `maxWork` is the limit of the steps for one text; `onWork` receives the number of steps.
 */
export function textMatcher(
  pattern: Pattern,
  options: { readonly maxWork?: number; readonly onWork?: (steps: number) => void } = {},
): TextMatcher | undefined {
  const { maxWork = MAX_WORK, onWork } = options
  const steps = compilePattern(pattern)
  if (!steps) return undefined
  return (text) => {
    const run = new Run(steps, { length: text.length, maxWork })
    const result = run.matches(text)
    onWork?.(run.work)
    return result
  }
}

class Run {
  work = 0
  readonly #steps: readonly Step[]
  readonly #length: number
  readonly #maxWork: number
  /** For each step, the position at which it was last reached. */
  readonly #reached: Int32Array
  /** The steps that wait for the next character. */
  #waiting: number[] = []
  #isMatch = false

  constructor(
    steps: readonly Step[],
    { length, maxWork }: { readonly length: number; readonly maxWork: number },
  ) {
    this.#steps = steps
    this.#maxWork = maxWork
    this.#length = length
    this.#reached = new Int32Array(steps.length).fill(-1)
  }

  matches(text: string): boolean | undefined {
    this.#reach(0, 0)
    for (let position = 0; position < text.length;) {
      const codePoint = text.codePointAt(position) ?? 0
      position += codePoint > 0xffff ? 2 : 1
      const before = this.#waiting
      this.#waiting = []
      this.#isMatch = false
      for (const index of before) {
        this.work++
        const step = this.#steps[index]
        if (step?.kind === 'character' && step.set(codePoint)) this.#reach(index + 1, position)
      }
      if (this.#isOver()) return false
      if (this.work > this.#maxWork) return undefined
    }
    return this.#isMatch
  }

  /** Whether no longer text can match. */
  #isOver(): boolean {
    return this.#waiting.length === 0 && !this.#isMatch
  }

  /** Follows jumps to the steps that need a character. */
  #reach(first: number, position: number): void {
    const pending = [first]
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const step = this.#steps[index]
      if (!step || this.#reached[index] === position) continue
      this.#reached[index] = position
      this.work++
      if (step.kind === 'character') this.#waiting.push(index)
      else if (step.kind === 'match') this.#isMatch = true
      else if (step.kind === 'jump') pending.push(...step.targets)
      else if (position === (step.kind === 'start' ? 0 : this.#length)) pending.push(index + 1)
    }
  }
}
