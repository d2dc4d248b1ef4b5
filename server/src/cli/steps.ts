import type { CliIo } from './io.js'
import { displayPath } from './paths.js'

/** Does work in steps, with a pause after each of them. */
export async function inSteps<T, R>(
  io: Pick<CliIo, 'pause'>,
  steps: Generator<T, R, undefined>,
  onStep?: (step: T) => void,
): Promise<R> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    onStep?.(step.value)
    if (io.pause) await io.pause()
  }
}

/** Checks files. @param steps yields the name of each file before it is checked. */
export function checkInSteps<R>(io: CliIo, steps: Generator<string, R, undefined>): Promise<R> {
  return inSteps(io, steps, (file) => io.onWork?.(`checking ${displayPath(io.cwd, file)}`))
}
