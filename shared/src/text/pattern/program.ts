import type { CharacterSet, Pattern } from './pattern.js'

/** One step of a program. Its number is its place in the list. */
export type Step =
  /** Continues at the next step if the next character is in the set. */
  | { readonly kind: 'character'; readonly set: CharacterSet }
  /** Continues at all of these steps. */
  | Jump
  /** Continues at the next step at the start or the end of the text. */
  | { readonly kind: 'start' | 'end' }
  /** The text matches if it ends here. */
  | { readonly kind: 'match' }

interface Jump {
  readonly kind: 'jump'
  targets: readonly number[]
}

/** Limit of the parts of a pattern. A repetition `{500}` has its part 500 times. */
const MAX_PARTS = 10_000

/** Compiles a pattern. Undefined if it is too large. */
export function compilePattern(pattern: Pattern): readonly Step[] | undefined {
  const compiler = new Compiler()
  return compiler.append(pattern) ? [...compiler.steps, { kind: 'match' }] : undefined
}

class Compiler {
  readonly steps: Step[] = []
  #parts = 0

  /** Appends the steps of a pattern. Returns false if there are too many parts. */
  append(pattern: Pattern): boolean {
    if (++this.#parts > MAX_PARTS) return false
    switch (pattern.kind) {
      case 'character':
        this.steps.push({ kind: 'character', set: pattern.set })
        return true
      case 'start':
      case 'end':
        this.steps.push({ kind: pattern.kind })
        return true
      case 'sequence':
        return pattern.parts.every((part) => this.append(part))
      case 'choice':
        return this.#appendChoice(pattern.options)
      case 'repeat':
        return pattern.max === Infinity
          ? this.#appendTimes(pattern.part, pattern.min) && this.#appendLoop(pattern.part)
          : this.#appendTimes(pattern.part, pattern.min) &&
              this.#appendOptional(pattern.part, pattern.max - pattern.min)
    }
  }

  #appendChoice(options: readonly Pattern[]): boolean {
    const fork = this.#jump()
    const starts: number[] = []
    const ends: Jump[] = []
    for (const option of options) {
      starts.push(this.steps.length)
      if (!this.append(option)) return false
      ends.push(this.#jump())
    }
    fork.targets = starts
    for (const end of ends) end.targets = [this.steps.length]
    return true
  }

  #appendTimes(part: Pattern, times: number): boolean {
    for (let time = 0; time < times; time++) if (!this.append(part)) return false
    return true
  }

  #appendLoop(part: Pattern): boolean {
    const start = this.steps.length
    const fork = this.#jump()
    if (!this.append(part)) return false
    this.#jump().targets = [start]
    fork.targets = [start + 1, this.steps.length]
    return true
  }

  #appendOptional(part: Pattern, times: number): boolean {
    const forks: { readonly fork: Jump; readonly next: number }[] = []
    for (let time = 0; time < times; time++) {
      forks.push({ fork: this.#jump(), next: this.steps.length })
      if (!this.append(part)) return false
    }
    for (const { fork, next } of forks) fork.targets = [next, this.steps.length]
    return true
  }

  #jump(): Jump {
    const jump: Jump = { kind: 'jump', targets: [] }
    this.steps.push(jump)
    return jump
  }
}
