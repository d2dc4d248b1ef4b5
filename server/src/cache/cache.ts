/** Keeps texts between two runs. Without a text, the caller computes it again: no method throws. */
export interface Cache {
  /** The text of a key; undefined if it is not there or damaged. */
  get(key: string): string | undefined
  put(key: string, text: string): void
  /** A hash of a text, without collisions. */
  hash(text: string): string
  /** Deletes old texts, and the oldest ones above the limit of the size. */
  prune(): void
}
