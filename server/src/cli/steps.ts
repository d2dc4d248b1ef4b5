import type { CliIo } from './io.js'
import { displayPath } from './paths.js'

/** Takes all steps at once. */
export function withoutPause<R>(steps: Generator<unknown, R, undefined>): R {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Checks files, with a pause before each of them. @param steps yields the name of each file before it is checked. */
export async function checkInSteps<R>(
  io: CliIo,
  steps: Generator<string, R, undefined>,
): Promise<R> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    io.onWork?.(`checking ${displayPath(io.cwd, step.value)}`)
    if (io.pause) await io.pause()
  }
}
