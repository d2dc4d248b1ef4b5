// Waits for conditions instead of a fixed time.
import { setTimeout as sleep } from 'node:timers/promises'

/** The limit of every wait. It is long because the suite must also pass on a busy machine. */
export const LIMIT_MILLISECONDS = 180_000

/** Repeats `attempt` until it returns a value other than `undefined` and `false`. Returns this value. */
export async function until(what, attempt, { every = 50, limit = LIMIT_MILLISECONDS } = {}) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    const value = await attempt()
    if (value !== undefined && value !== false) return value
    await sleep(every)
  }
  throw new Error(`Timeout: ${what}.`)
}
