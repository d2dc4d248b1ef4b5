/** Work was stopped, because it counted more steps than it may take. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork'
}

/** The evaluation of one object of the largest measured meshes takes less than a hundredth of it. */
const DEFAULT_WORK_LIMIT = 50_000_000

/**
 * Counts the steps of work, and stops it at a limit. The count does not depend on the machine, so the
 * same input is always stopped at the same step.
 */
export class CountedWork {
  readonly limit: number
  #left = Infinity
  #steps = 0

  /** @param limit the number of steps of one `bounded` call. */
  constructor(limit = DEFAULT_WORK_LIMIT) {
    this.limit = limit
  }

  /** How many steps were counted so far. For tests. */
  get steps(): number {
    return this.#steps
  }

  /**
   * Runs work. Steps outside of this call are not bounded.
   *
   * @throws TooMuchWork where the work needs more steps than the limit.
   */
  bounded<T>(work: () => T): T {
    this.#left = this.limit
    try {
      return work()
    } finally {
      this.#left = Infinity
    }
  }

  /** Counts one step. */
  step(): void {
    this.#steps++
    if (--this.#left < 0) throw new TooMuchWork(`More than ${this.limit} steps.`)
  }
}
