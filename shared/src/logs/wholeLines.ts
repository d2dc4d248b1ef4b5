import { startsAccessLine } from './ztunnelLine.js'

/** A line, or several lines that show one line of a log. */
interface WholeLine {
  /** The number of the first line: the first of the text is 1. */
  readonly line: number
  readonly text: string
}

/** An object in more lines is not taken together. */
const MAX_LINES = 100

const FIELD = /^[\s>]*(?:src|dst)\.\w+=|^[\s>]*(?:direction|bytes_sent|bytes_recv|duration|error)=/

/**
 * The lines of a text. JSON that `jq` prints in many lines is one of them, and a line of ztunnel's access log whose
 * fields are on the next lines.
 */
export function wholeLines(text: string): WholeLine[] {
  const lines = text.split(/\r?\n/)
  const whole: WholeLine[] = []
  for (let at = 0; at < lines.length;) {
    const count = linesOfObject(lines, at) ?? linesOfAccess(lines, at)
    const joined = lines.slice(at, at + count).join(' ')
    // An object in an array has a comma behind it.
    whole.push({ line: at + 1, text: count > 1 ? joined.replace(/\},\s*$/, '}') : joined })
    at += count
  }
  return whole
}

/** The number of lines of a JSON object that starts at a line; undefined if none does. */
function linesOfObject(lines: readonly string[], at: number): number | undefined {
  const [, indent] = /^(\s*)\{\s*$/.exec(lines[at] ?? '') ?? []
  if (indent === undefined) return undefined
  const end = lines
    .slice(at + 1, at + MAX_LINES)
    .findIndex((line) => line.startsWith(`${indent}}`) && /^\s*\},?\s*$/.test(line))
  return end < 0 ? undefined : end + 2
}

/** The number of lines of a line of ztunnel's access log; 1 for other lines. */
function linesOfAccess(lines: readonly string[], at: number): number {
  if (!startsAccessLine(lines[at] ?? '')) return 1
  const rest = lines.slice(at + 1, at + MAX_LINES)
  const next = rest.findIndex(
    (line, index) =>
      startsAccessLine(line) || !(FIELD.test(line) || continues(line, lines[at + index] ?? '')),
  )
  return 1 + (next < 0 ? rest.length : next)
}

/** Whether a line is the rest of a value whose quote is open in the line before. */
function continues(line: string, before: string): boolean {
  return (
    FIELD.test(before) &&
    (before.match(/"/g)?.length ?? 0) % 2 === 1 &&
    /^[\s>]+\S[^"=]*"\s*$/.test(line)
  )
}
