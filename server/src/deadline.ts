/**
 * Runs synchronous work and returns its result. Throws `TookTooLong` if the work does not end within a limit, which
 * grows with the number of documents that the work can be about. What the work changes can then be incomplete, so it
 * must not be used again.
 */
export type RunWithinLimit = <T>(work: () => T, documents?: number) => T

/** Work was ended, because it did not end by itself. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
  /** The machine did not run the work for most of the time, so the work may end with the next, longer limit. */
  readonly isBusy: boolean

  constructor(message?: string, isBusy = false) {
    super(message)
    this.isBusy = isBusy
  }
}

/** Work is never ended. A browser has no way to end the work of its own thread. */
export const WITHOUT_LIMIT: RunWithinLimit = (work) => work()
