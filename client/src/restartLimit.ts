/** Maximum number of automatic restarts within `WINDOW_MILLISECONDS`. */
export const RESTARTS = 4
const WINDOW_MILLISECONDS = 3 * 60 * 1000

/** Stops automatic restarts of a server that crashes repeatedly. */
export class RestartLimit {
  #crashes: readonly number[] = []

  /**
   * Records a crash.
   *
   * @param now in milliseconds.
   * @returns whether the server may be restarted.
   */
  allowsRestart(now: number): boolean {
    this.#crashes = [...this.#crashes.filter((crash) => now - crash <= WINDOW_MILLISECONDS), now]
    return this.#crashes.length <= RESTARTS
  }

  /** Forgets all crashes: the user has started the server. */
  reset(): void {
    this.#crashes = []
  }
}
