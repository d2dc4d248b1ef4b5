/** Keeps texts between two runs. Without a text, the caller computes it again: no method throws. */
export interface Cache {
  /** The text of a key; undefined if it is not there or damaged. */
  get(key: string): string | undefined
  put(key: string, text: string): void
  /** Deletes old texts, and the oldest ones above the limit of the size. */
  prune(): void
}
