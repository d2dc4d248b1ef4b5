// Waits for conditions instead of a fixed time.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The limit of every wait. It is long because the suite must also pass on a busy machine. A shorter limit helps to write
 * a tour.
 */
export const LIMIT_MILLISECONDS = Number(process.env.E2E_LIMIT_SECONDS ?? 180) * 1000

/** Repeats `attempt` until it returns a value other than `undefined` and `false`. Returns this value. */
export async function until(what, attempt, { every = 50, limit = LIMIT_MILLISECONDS } = {}) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    const value = await attempt()
    if (value !== undefined && value !== false) return value
    await sleep(every)
  }
  throw new Error(`Timeout: ${what}.`)
}
