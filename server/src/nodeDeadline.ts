import { createContext, Script } from 'node:vm'
import { TookTooLong, type RunWithinLimit } from './deadline.js'

/** A large mesh needs more time for its first finding. */
const MILLISECONDS_OF_DOCUMENT = 1
const MAX_OF_DOCUMENTS = 25_000
/** On a busy machine, the limit is doubled up to this factor. */
const MAX_FACTOR = 4

/**
 * Ends work after a time. Node.js watches it from another thread, so that it also ends loops without an end.
 *
 * @param milliseconds the limit of work in a small workspace.
 */
export function limitOf(milliseconds: number): RunWithinLimit {
  let factor = 1
  const scope: { work?: () => void } = {}
  const context = createContext(scope)
  const script = new Script('work()')
  return <T>(work: () => T, documents = 0): T => {
    // The limit of the outer work applies.
    if (scope.work) return work()
    let done: { readonly result: T } | undefined
    scope.work = () => {
      done = { result: work() }
    }
    const limit =
      factor * (milliseconds + Math.min(documents * MILLISECONDS_OF_DOCUMENT, MAX_OF_DOCUMENTS))
    const usage = process.cpuUsage()
    try {
      script.runInContext(context, { timeout: limit })
    } catch (error) {
      if (!isTimeout(error)) throw error
      const { user, system } = process.cpuUsage(usage)
      const isBusy = (user + system) / 1_000 < limit / 2 && factor < MAX_FACTOR
      if (isBusy) factor *= 2
      throw new TookTooLong(`The work took longer than ${limit} ms.`, isBusy)
    } finally {
      delete scope.work
    }
    if (!done) throw new Error('The work was not done.')
    return done.result
  }
}

function isTimeout(error: unknown): boolean {
  // The error belongs to the other context, so it is no instance of this `Error`.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
