const MAX_NAME_LENGTH = 32

/** A name in double quotes, shortened with `…` where it is longer than `maxLength` characters. */
export function quoted(name: string, maxLength = MAX_NAME_LENGTH): string {
  return `"${name.length > maxLength ? `${name.slice(0, maxLength - 1)}…` : name}"`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  return items.length < 2
    ? (items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1] ?? ''}`
}

/** `1 policy`, `3 policies`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : pluralOf(noun)}`
}

function pluralOf(noun: string): string {
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
