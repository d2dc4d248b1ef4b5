/** Where the server tells what it could not do. */
export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** What to write of something that was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
