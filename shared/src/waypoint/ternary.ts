/**
 * True, false or unknown (Kleene's logic); unknown depends on something outside the request, such as an ext_authz
 * server or an address.
 */
export type Ternary = boolean | 'unknown'

export function and(values: readonly Ternary[]): Ternary {
  if (values.includes(false)) return false
  return values.includes('unknown') ? 'unknown' : true
}

export function or(values: readonly Ternary[]): Ternary {
  if (values.includes(true)) return true
  return values.includes('unknown') ? 'unknown' : false
}

export function not(value: Ternary): Ternary {
  return value === 'unknown' ? value : !value
}
