/**
 * Path → content of inputs that no editor should die of. `big`: with those above 5 MB. `divisor`: makes the inputs
 * smaller whose answer does not depend on their size.
 */
export function hostileFiles(options?: {
  readonly big?: boolean
  readonly divisor?: number
}): Generator<[string, string | Uint8Array]>
