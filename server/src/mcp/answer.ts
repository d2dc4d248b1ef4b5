/** The longest answer with its notices, in bytes of UTF-8. Assistants read every answer into their context. */
export const MAX_ANSWER_BYTES = 4096
const MAX_NOTICE_BYTES = 500
const MAX_BYTES = MAX_ANSWER_BYTES - MAX_NOTICE_BYTES

/** Room for the line that says what is left out. */
const REST_BYTES = 120

/** A text from a character on, cut at a line break. The last line says how to continue. */
export function textAnswer(text: string, from = 0): string {
  const rest = text.slice(from)
  if (bytesOf(rest) <= MAX_BYTES) return rest
  const fitting = cutTo(rest, MAX_BYTES - REST_BYTES)
  const lineEnd = fitting.lastIndexOf('\n')
  const shown = lineEnd > 0 ? fitting.slice(0, lineEnd + 1) : fitting
  const left = rest.length - shown.length
  return `${shown}(${left} more characters: call the tool again with "from": ${from + shown.length})`
}

/**
 * An object as JSON, with as many items of one list as fit. `more` is the number of items that are left out, and
 * `next` the index of the first of them.
 */
export function listAnswer<T>(
  list: readonly T[],
  from: number,
  answer: (items: readonly T[]) => object,
): string {
  const items = list.slice(from)
  for (let count = items.length; count >= 0; count--) {
    const shown = answer(items.slice(0, count))
    const rest = items.length - count
    const json = JSON.stringify(rest === 0 ? shown : { ...shown, more: rest, next: from + count })
    if (bytesOf(json) <= MAX_BYTES) return json
    // Most lists are far too long: half of them is tried before one less.
    if (bytesOf(json) > 2 * MAX_BYTES && count > 2) count = Math.ceil(count / 2) + 1
  }
  return cutTo(JSON.stringify(answer([])), MAX_BYTES)
}

/** A text of an item, so that one item cannot fill the answer. */
export function shortText(text: string, maxCharacters = 600): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text
}

/** What standard error says about an answer, such as files that were not read. */
export function noticesAnswer(notices: readonly string[]): string {
  const text = `Notices: ${notices.join('; ')}`
  return bytesOf(text) <= MAX_NOTICE_BYTES ? text : `${cutTo(text, MAX_NOTICE_BYTES - 3)}…`
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

function cutTo(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text
  // The end of the cut can be inside a character.
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '')
}
