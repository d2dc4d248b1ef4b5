/**
 * Envoy's string matcher as Istio writes it: `*` is any non-empty text, `x*` a prefix, `*x` a suffix, anything else
 * exact (matcher/string.go).
 */
export function matchesPattern(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== ''
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1))
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern
}
