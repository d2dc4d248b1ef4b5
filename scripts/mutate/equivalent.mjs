/** Mutants that no test can notice, and why. `change` is as `npm run mutate` prints it. */
export const EQUIVALENT = []
