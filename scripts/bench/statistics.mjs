export function median(values) {
  return quantile(values, 0.5)
}

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

/** The median, with minimum and maximum in parentheses. */
export function spread(values, digits = 2) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const middle = median(values).toFixed(digits)
  return values.length < 2 ? middle : `${middle} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

/** A quotient as text; below one as a fraction, such as `1/15`. */
export function fraction(value) {
  return value < 0.5 ? `1/${(1 / value).toFixed(1 / value < 10 ? 1 : 0)}` : value.toFixed(2)
}
