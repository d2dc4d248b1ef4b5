/**
 * True, false or unknown (Kleene's logic); unknown depends on something outside the request, such as an ext_authz
 * server or an address.
 */
export type Ternary = boolean | 'unknown'

export function and(values: readonly Ternary[]): Ternary {
  if (values.includes(false)) return false
  return values.includes('unknown') ? 'unknown' : true
}

/** Whether a test is true for one of some values. Stops at the first that it is true for. */
export function anyOf<T>(values: readonly T[], test: (value: T) => Ternary): Ternary {
  let found: Ternary = false
  for (const value of values) {
    const result = test(value)
    if (result === true) return true
    if (result === 'unknown') found = result
  }
  return found
}

/** Whether a test is true for all values. Stops at the first that it is false for. */
export function allOf<T>(values: readonly T[], test: (value: T) => Ternary): Ternary {
  let found: Ternary = true
  for (const value of values) {
    const result = test(value)
    if (result === false) return false
    if (result === 'unknown') found = result
  }
  return found
}

export function not(value: Ternary): Ternary {
  return value === 'unknown' ? value : !value
}
