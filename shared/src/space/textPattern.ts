/**
 * What a policy or a route compares a text with. A `template` is a path with `{*}` or `{**}`. `below` is a path and
 * everything in it: `/a`, `/a/` and `/a/b`, but not `/ab`.
 */
export interface TextPattern {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'present' | 'template' | 'below'
  /** The text without the `*` of a prefix or a suffix; empty for `present`. */
  readonly text: string
}

/** A value of a policy: `*`, `*x`, `x*` or `x` (docs/semantics.md §3.9). */
export function textPattern(value: string): TextPattern {
  if (value === '*') return { kind: 'present', text: '' }
  if (value.startsWith('*')) return { kind: 'suffix', text: value.slice(1) }
  return value.endsWith('*')
    ? { kind: 'prefix', text: value.slice(0, -1) }
    : { kind: 'exact', text: value }
}

/** A value of `paths`. */
export function pathPattern(value: string): TextPattern {
  return value.includes('{*}') || value.includes('{**}')
    ? { kind: 'template', text: value }
    : textPattern(value)
}

/** The pattern as policies write it. */
export function formatPattern({ kind, text }: TextPattern): string {
  if (kind === 'prefix') return `${text}*`
  if (kind === 'suffix') return `*${text}`
  if (kind === 'below') return `${text} and below`
  return kind === 'present' ? '*' : text
}

const FRESH_CHARACTERS = 'zqxkvjwyhbfgmpudolcnairest0123456789'.split('')

/**
 * A text that makes no constant longer: a letter or digit that no constant contains, else a text that is longer than
 * every run of its letter in a constant.
 */
export function freshText(constants: Iterable<string>): string {
  const all = [...constants]
  const found = FRESH_CHARACTERS.find((character) => all.every((text) => !text.includes(character)))
  if (found !== undefined) return found
  const runs = all.flatMap((text) => text.match(/z+/g) ?? [])
  return 'z'.repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1)
}
