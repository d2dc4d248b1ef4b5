/** How often a server that ends by itself is started again, within which time. */
export const RESTARTS = 4
const WITHIN = 3 * 60 * 1000

/** Keeps a server that cannot live from being started for ever. */
export class RestartLimit {
  #ends: readonly number[] = []

  /** The server has ended and nobody asked for it. @returns whether to start it again. */
  allows(now: number): boolean {
    this.#ends = [...this.#ends.filter((end) => now - end <= WITHIN), now]
    return this.#ends.length <= RESTARTS
  }

  /** What was before does not count any more: a person starts the server. */
  forget(): void {
    this.#ends = []
  }
}
