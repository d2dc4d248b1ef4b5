import { createContext, Script } from 'node:vm'
import { TookTooLong, type RunWithinLimit } from './deadline.js'

/** Ends work after a time. Node.js watches it from another thread, so that it also ends loops without an end. */
export function limitOf(milliseconds: number): RunWithinLimit {
  const scope: { work?: () => void } = {}
  const context = createContext(scope)
  const script = new Script('work()')
  return <T>(work: () => T): T => {
    // The limit of the outer work applies.
    if (scope.work) return work()
    let done: { readonly result: T } | undefined
    scope.work = () => {
      done = { result: work() }
    }
    try {
      script.runInContext(context, { timeout: milliseconds })
    } catch (error) {
      throw isTimeout(error)
        ? new TookTooLong(`The work took longer than ${milliseconds} ms.`)
        : error
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
