const LONGEST_NAME = 32

/** A name in quotes, shortened to `longest` characters. */
export function quoted(name: string, longest = LONGEST_NAME): string {
  return `"${name.length > longest ? `${name.slice(0, longest - 1)}…` : name}"`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  return items.length < 2
    ? (items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1] ?? ''}`
}

const LONGEST_MESSAGE = 140

/** The first wording of at most 140 characters, else the last one. */
export function firstThatFits(...wordings: readonly string[]): string {
  return (
    wordings.find((wording) => wording.length <= LONGEST_MESSAGE) ??
    wordings[wordings.length - 1] ??
    ''
  )
}
