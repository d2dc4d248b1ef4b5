/** Matches `{{…}}`, `${…}`, `$NAME` and `###…###`: marks that another tool replaces before the API server reads the value. */
const PLACEHOLDER = /\{\{|\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Z_][A-Z0-9_]*|###.+?###/

/** Whether a scalar's value is unknown because another tool fills it in (Helm, envsubst, kustomize, …). */
export function isPlaceholder(value: string): boolean {
  if (!value.includes('$') && !value.includes('{{') && !value.includes('###')) return false
  return PLACEHOLDER.test(value)
}
