import { isWholeLine, plainLine, splitRecords } from './plainLine.js'

/** A line of a log, or the JSON that is one. */
export type Content = object | string

/** Whether a proxy wrote a content. */
type IsRecord = (content: Content) => boolean

/** Names of fields in which collectors of logs put the line of a program; the last word of a nested name. */
const WRAPPERS = new Set([
  ...['log', 'message', 'msg', 'textpayload', 'line', 'body', 'event', '_raw', 'content'],
  ...['@message', 'logmessage', 'logentry', 'original', 'stringvalue'],
])

/** A shorter text in a field with another name is no line of a log. */
const SHORTEST_LINE = 60
/** Objects, lists and JSON in texts that are inside each other. */
const MAX_DEPTH = 8
/** Where JSON may start behind the prefix of a line. */
const MAX_STARTS = 4

/** The records of a line: usually one. JSON and collectors can put several into a line. */
export function recordsIn(line: string, isRecord: IsRecord): readonly Content[] {
  for (const text of [line, plainLine(line)])
    for (const value of jsonIn(text)) {
      const found = recordsOf(value, isRecord, 0)
      if (found.length > 0) return found
      if (typeof value === 'object' && value !== null) return [value]
    }
  return splitRecords(plainLine(line))
}

/** The JSON at the end of a line; several objects without a comma between them are a list. */
function* jsonIn(line: string): Generator {
  const text = line.slice(0, endOfJson(line))
  if (!/[}\]]$/.test(text)) return
  let tried = 0
  for (const { index } of text.matchAll(/[{[](?=\s*["{[])/g)) {
    if (++tried > MAX_STARTS) return
    const json = text.slice(index)
    const value = parsed(json) ?? parsedObjects(json)
    if (value !== undefined) yield value
  }
}

/** Where white space and commas begin at the end of a line. A regular expression needs the square of their number. */
function endOfJson(line: string): number {
  let end = line.length
  while (end > 0 && /[\s,]/.test(line.charAt(end - 1))) end--
  return end
}

/** Objects that follow each other without a comma. */
function parsedObjects(text: string): readonly unknown[] | undefined {
  const values = text.split(/(?<=\})\s*(?=\{")/).map(parsed)
  return values.length > 1 && values.every((value) => value !== undefined) ? values : undefined
}

function recordsOf(value: unknown, isRecord: IsRecord, depth: number): readonly Content[] {
  if (depth > MAX_DEPTH) return []
  if (typeof value === 'string') return recordsOfText(value, isRecord, depth)
  if (typeof value !== 'object' || value === null) return []
  const inside = (child: unknown): readonly Content[] => recordsOf(child, isRecord, depth + 1)
  if (Array.isArray(value)) {
    const text = textOfBytes(value)
    return text === undefined ? value.flatMap(inside) : inside(text)
  }
  // A line of ztunnel itself, whose message is a part of it.
  if ('scope' in value && isRecord(value)) return [value]
  const fields = Object.entries(value) as [string, unknown][]
  const lines = fields.filter(([name, child]) => isWrapper(name, child))
  const others = fields.filter(([, child]) => typeof child === 'object')
  for (const [, child] of [...lines, ...others]) {
    const found = inside(child)
    if (found.length > 0) return found
  }
  return isRecord(value) ? [value] : []
}

function isWrapper(name: string, child: unknown): boolean {
  if (typeof child !== 'string')
    return WRAPPERS.has(name.toLowerCase()) && textOfBytes(child) !== undefined
  return (
    WRAPPERS.has(name.toLowerCase().split('.').at(-1) ?? '') ||
    (child.length > SHORTEST_LINE && isWholeLine(child))
  )
}

function recordsOfText(text: string, isRecord: IsRecord, depth: number): readonly Content[] {
  for (const value of jsonIn(text)) {
    const found = recordsOf(value, isRecord, depth + 1)
    if (found.length > 0) return found
  }
  return text.split(/\r?\n/).flatMap((line) => splitRecords(plainLine(line)).filter(isRecord))
}

/** The text of a list of bytes. The journal of systemd exports a text with control characters as such a list. */
function textOfBytes(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length < SHORTEST_LINE) return undefined
  const bytes = value.filter((byte) => typeof byte === 'number' && byte >= 0 && byte < 256)
  return bytes.length < value.length
    ? undefined
    : new TextDecoder().decode(Uint8Array.from(bytes as number[]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
