/** Takes all steps of some work at once, and returns its result. */
export function withoutPause<R>(steps: Generator<unknown, R, undefined>): R {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
