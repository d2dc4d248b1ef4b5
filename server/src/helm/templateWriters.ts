import { matchesParts } from '@istio-ambient-policy/shared'
import { templateLines } from './templateLines.js'

/** A line of a template that writes text. */
export interface Writer {
  /** Zero-based; for an action of several lines, its first line. */
  readonly line: number
  /** What it writes, if it has no action. */
  readonly literal?: string
  /** Whether it can write a line, also as one of several lines. */
  mayWrite(text: string): boolean
  /** Whether a line looks like the text of this line, and not only like a part of the value of an action. */
  matches(text: string): boolean
  /** The `if`, `else`, `with`, `range` and `define` around it, from the outermost. */
  readonly blocks: readonly number[]
}

const BLOCK = /\{\{-?\s*(if|with|range|define|block|else|end)\b/g
const INDENT = /\bn?indent\s+(\d+)/g
/** No chart has so many blocks in each other. */
const MOST_BLOCKS = 100

/**
 * The lines of a template that can write text. Reads text that is no valid template too. Empty for a template with too
 * many blocks in each other.
 */
export function writersOf(template: string): Writer[] {
  const blocks: number[] = []
  let opened = 0
  let first = 0
  const writers: Writer[] = []
  for (const [at, { text, writes, continues }] of templateLines(template).entries()) {
    if (!continues) first = at
    if (blocks.length > MOST_BLOCKS) return []
    const around = [...blocks]
    for (const [, word] of text.matchAll(BLOCK)) {
      if (word === 'end' || word === 'else') blocks.pop()
      if (word !== 'end') blocks.push(opened++)
    }
    const isSeparator = /^---(?:\s|$)/.test(text)
    if (writes && !isSeparator) writers.push({ line: first, blocks: around, ...patternOf(text) })
  }
  return writers
}

function patternOf(text: string): Pick<Writer, 'literal' | 'mayWrite' | 'matches'> {
  const line = text.trimEnd()
  const parts = partsOutsideActions(line)
  if (parts.some((part) => /\{\{|\}\}/.test(part)))
    return { mayWrite: () => true, matches: () => false }
  if (parts.length === 1) {
    const isSame = (other: string): boolean => other.trimEnd() === line
    return { literal: line, mayWrite: isSame, matches: isSame }
  }
  const indents = [...line.matchAll(INDENT)].map(([, count]) => Number(count))
  const indent = Math.min(...indents)
  if (parts.join('').trim() === '') {
    return {
      mayWrite: (other) => indents.length === 0 || indentOf(other) >= indent,
      matches: () => false,
    }
  }
  // A part between conditions can be missing.
  const kept = text.search(BLOCK) < 0 ? parts : [parts[0] ?? '', parts.at(-1) ?? '']
  const [start = ''] = kept
  const matches = (other: string): boolean =>
    other.startsWith(start.trimEnd()) &&
    (matchesParts(kept, other) || matchesParts(kept, other.trimEnd()))
  return {
    matches,
    mayWrite: (other) => matches(other) || indentOf(other) >= indent,
  }
}

function indentOf(text: string): number {
  return text.search(/\S|$/)
}

/** The text before, between and after the actions of a line. */
function partsOutsideActions(line: string): string[] {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const start = line.indexOf('{{', at)
    const end = start < 0 ? -1 : line.indexOf('}}', start + 2)
    if (end < 0) return [...parts, line.slice(at)]
    parts.push(line.slice(at, start))
    at = end + 2
  }
}
