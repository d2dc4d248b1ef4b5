/**
 * Runs synchronous work and returns its result. Throws `TookTooLong` if the work does not end within a limit. What the
 * work changes can then be incomplete, so it must not be used again.
 */
export type RunWithinLimit = <T>(work: () => T) => T

/** Work was ended, because it did not end by itself. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/** Work is never ended. A browser has no way to end the work of its own thread. */
export const WITHOUT_LIMIT: RunWithinLimit = (work) => work()
