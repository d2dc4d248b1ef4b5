import { describeError, type Log } from '../log.js'

const REFRESH_MILLISECONDS = 200

/** Makes the client ask again for something that it shows; once for everything that happens in a short while. */
export function refresher(what: string, log: Log, ask: () => Promise<unknown>): () => void {
  let timer: Timer | undefined
  return () => {
    if (timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      ask().catch((error: unknown) => {
        log.error(`${what} are not up to date: ${describeError(error)}`)
      })
    }, REFRESH_MILLISECONDS)
    holdUpNobody(timer)
  }
}

/** Browsers' timers are numbers. */
type Timer = NodeJS.Timeout | number

/** A process that has nothing else to do may end. */
function holdUpNobody(timer: Timer): void {
  if (typeof timer === 'object') timer.unref()
}
