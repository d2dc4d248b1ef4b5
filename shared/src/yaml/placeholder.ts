/**
 * Matches `{{…}}`, `${…}`, `$NAME` and `###…###`, which another tool replaces before the API server
 * reads the value.
 */
const PLACEHOLDER = /\{\{|\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Z_][A-Z0-9_]*|###.+?###/

/** Whether a value contains a placeholder, so that it is unknown (Helm, envsubst, kustomize, …). */
export function isPlaceholder(value: string): boolean {
  if (!value.includes('$') && !value.includes('{{') && !value.includes('###')) return false
  return PLACEHOLDER.test(value)
}
