/** A word for a value that a person replaces: `REPLACE_WITH_CIDR`, `CHANGE_ME`, `YOUR_TEAM`, `<NAMESPACE>`. */
const TO_REPLACE = String.raw`(?<![A-Za-z0-9_])(?:REPLACE_?(?:ME|WITH_|THIS)|CHANGE_?(?:ME|THIS)|YOUR_)[A-Z0-9_]*|<[A-Z][A-Z0-9_-]+>`
const FILLED_IN = String.raw`\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Z_][A-Z0-9_]*|###.+?###`

/**
 * Matches `{{…}}`, `${…}`, `$NAME` and `###…###`, which another tool replaces before the API server
 * reads the value, and words that a person replaces.
 */
const PLACEHOLDER = new RegExp(String.raw`\{\{|${FILLED_IN}|${TO_REPLACE}`)
/** Every placeholder contains one of these. */
const SIGN = /[$<]|\{\{|###|REPLACE|CHANGE|YOUR_/

/** Whether a value contains a placeholder, so that it is unknown (Helm, envsubst, kustomize, …). */
export function isPlaceholder(value: string): boolean {
  return SIGN.test(value) && PLACEHOLDER.test(value)
}

const PLACEHOLDERS = new RegExp(String.raw`\{\{.*?\}\}|${FILLED_IN}|${TO_REPLACE}`)

/** The narrowest pattern (`x*`, `*x` or `*`) that matches every text which a value with a placeholder can become. */
export function openPattern(value: string): string {
  const parts = value.split(PLACEHOLDERS)
  const [before = '', after = ''] = parts.length < 2 ? [] : [parts[0], parts.at(-1)]
  if (after.length >= before.length && !after.includes('*')) return `*${after}`
  return before.includes('*') ? '*' : `${before}*`
}
