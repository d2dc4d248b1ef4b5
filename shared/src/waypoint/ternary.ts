/** True, false, or not known from what was said (Kleene's logic): what an ext_authz server or an unnamed address would decide. */
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
