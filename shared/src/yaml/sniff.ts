/** What is known of a document without parsing it. */
interface Sniff {
  /** The value of the first plain `kind:` key at column 0. */
  readonly kind: string | undefined
  /** The value of the first plain `apiVersion:` key at column 0. */
  readonly apiVersion: string | undefined
  /** Whether this is certain. Otherwise the document has to be parsed to know its kind. */
  readonly decided: boolean
}

/** A scalar on one line that the next line does not continue. */
const KIND_VALUE = /kind:[ \t]+(["']?)([A-Za-z0-9]+)\1[ \t]*(?:#.*)?$(?!\s*[\r\n][ \t]+[^\s#])/my
const API_VERSION_VALUE =
  /apiVersion:[ \t]+(["']?)([A-Za-z0-9./-]+)\1[ \t]*(?:#.*)?$(?!\s*[\r\n][ \t]+[^\s#])/my
/**
 * A block mapping at column 0: its first key, after comments, directives and an empty `---` line. Each line break can be
 * read in one way only: otherwise the time would grow exponentially with the number of lines.
 */
const BLOCK_MAPPING_ROOT =
  /^(?:\uFEFF|(?:[ \t]*(?:#.*)?|%.*|---[ \t]*(?:#.*)?)(?:\r\n|\r(?!\n)|\n))*[A-Za-z_][\w.$/-]*:(?:[ \t\r\n]|$)/

/**
 * Reads the `kind` and `apiVersion` at column 0 of a document without parsing it. All keys of a
 * block mapping that starts at column 0 are at column 0, so a deeper `kind` does not matter.
 */
export function sniff(text: string): Sniff {
  let plain: string | undefined
  let keys = 0
  let within = false
  for (let at = text.indexOf('kind'); at >= 0; at = text.indexOf('kind', at + 4)) {
    const quote = text[at - 1] === '"' || text[at - 1] === "'" ? 1 : 0
    if (!startsLine(text, at - quote)) {
      within = true
      continue
    }
    keys++
    plain ??= quote === 0 ? valueAt(KIND_VALUE, text, at) : undefined
  }
  if (keys === 0 && !(within && text.includes('apiVersion')))
    return { kind: undefined, apiVersion: undefined, decided: !hasEscapedKey(text) }
  const blockMapping = BLOCK_MAPPING_ROOT.test(text) && !(text.includes('?') && /^\?/m.test(text))
  if (keys === 0)
    return {
      kind: undefined,
      apiVersion: undefined,
      decided: blockMapping && !UNUSUAL_KEY.test(text) && !hasEscapedKey(text),
    }
  const apiVersion = apiVersionOf(text)
  return {
    kind: plain,
    apiVersion,
    decided: blockMapping && keys === 1 && plain !== undefined && apiVersion !== undefined,
  }
}

/** A merge key, an alias as key, or a key with an anchor or a tag (`&k kind:`), at column 0. */
const UNUSUAL_KEY = /^(?:["']?<<|[&!*])/m
const END_OF_QUOTED_KEY = /"[ \t]*:/g

/** Whether a quoted key has escapes: it may be `"kin\u0064"`. */
function hasEscapedKey(text: string): boolean {
  return (
    text.includes('\\') &&
    [...text.matchAll(END_OF_QUOTED_KEY)].some(({ index }) =>
      text.slice(text.lastIndexOf('"', index - 1) + 1, index).includes('\\'),
    )
  )
}

function apiVersionOf(text: string): string | undefined {
  for (let at = text.indexOf('apiVersion:'); at >= 0; at = text.indexOf('apiVersion:', at + 11)) {
    if (startsLine(text, at)) return valueAt(API_VERSION_VALUE, text, at)
  }
  return undefined
}

function startsLine(text: string, at: number): boolean {
  return at <= 0 || text[at - 1] === '\n' || text[at - 1] === '\r' || text[at - 1] === '\uFEFF'
}

function valueAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[2]
}
