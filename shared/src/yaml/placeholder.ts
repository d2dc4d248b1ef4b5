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

const PLACEHOLDERS = /\{\{.*?\}\}|\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Z_][A-Z0-9_]*|###.+?###/

/** The narrowest pattern (`x*`, `*x` or `*`) that matches every text which a value with a placeholder can become. */
export function openPattern(value: string): string {
  const parts = value.split(PLACEHOLDERS)
  const [before = '', after = ''] = parts.length < 2 ? [] : [parts[0], parts.at(-1)]
  if (after.length >= before.length && !after.includes('*')) return `*${after}`
  return before.includes('*') ? '*' : `${before}*`
}
