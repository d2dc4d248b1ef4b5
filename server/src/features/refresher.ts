import { describeError, type Log } from '../log.js'

const DELAY_MILLISECONDS = 200

/**
 * Returns a function that calls `refresh` after a short delay: once for all calls within this time, and not after the
 * shutdown.
 */
export function refresher(
  what: string,
  { log, shutdown }: { readonly log: Log; readonly shutdown: AbortSignal },
  refresh: () => Promise<unknown>,
): () => void {
  let timer: Timer | undefined
  return () => {
    if (timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      if (shutdown.aborted) return
      refresh().catch((error: unknown) => {
        log.error(`${what} are not up to date: ${describeError(error)}`)
      })
    }, DELAY_MILLISECONDS)
    allowExit(timer)
  }
}

/** In browsers, a timer is a number. */
type Timer = NodeJS.Timeout | number

/** The process does not wait for the timer when it ends. */
function allowExit(timer: Timer): void {
  if (typeof timer === 'object') timer.unref()
}
