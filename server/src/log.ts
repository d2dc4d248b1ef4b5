/** The log of the server, which the client shows in its output. */
export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** The text of a thrown value for the log. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
