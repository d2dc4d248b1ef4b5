import type { CancellationToken } from 'vscode-languageserver'

/** Maximum time that other requests wait for work that has steps. */
const SLICE_MILLISECONDS = 15

/** The request was cancelled. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** Takes steps for some milliseconds, or to the end. */
export function sliceOf<T, R>(steps: Generator<T, R, undefined>): IteratorResult<T, R> {
  const end = performance.now() + SLICE_MILLISECONDS
  for (;;) {
    const step = steps.next()
    if (step.done === true || performance.now() >= end) return step
  }
}

/** Resolves after other requests were handled. */
export function otherRequests(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/**
 * For work that calls it between its steps: other requests are handled after each slice. Throws `Cancelled` when the
 * request is cancelled.
 */
export function pauseOf(token: CancellationToken): () => Promise<void> {
  let end = performance.now() + SLICE_MILLISECONDS
  return async () => {
    if (performance.now() < end) return
    await otherRequests()
    if (token.isCancellationRequested) throw new Cancelled()
    end = performance.now() + SLICE_MILLISECONDS
  }
}
