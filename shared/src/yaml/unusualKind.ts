import { isTemplate } from './isTemplate.js'
import { sniff } from './sniff.js'
import { splitDocuments } from './splitDocuments.js'

/** A document that may be an object, although it has no plain `kind`. */
export interface UnusualDocument {
  /** Zero-based line in the file. */
  readonly line: number
  readonly isTemplate: boolean
}

/** A first character that no plain key has, or an action. */
const UNUSUAL_LINE = /^ *(?:["'&!?*]|kind[ \t]*:[ \t]*\{\{|\{\{|\{%)/m
const API_VERSION =
  /^[^\w\s]{0,20}(?:[!&]\S{0,200}[ \t]+)?["']?apiVersion["']?[ \t]*(?::|\n:)[ \t]*["']?(?:[a-z][\w.-]*\/|v\d|\{\{)/m
const UNUSUAL_KEY = /^(?:["'][^"'\n]*\\|[&!*?])/m

/**
 * The documents that tools may read as objects, although their kind is not a plain word behind a plain key `kind`:
 * the key has a tag, an anchor or an escape, or a template writes the kind or the whole document.
 */
export function unusualDocuments(text: string): UnusualDocument[] {
  if (!UNUSUAL_LINE.test(text)) return []
  return splitDocuments(text).flatMap((slice): UnusualDocument[] => {
    if (sniff(slice.text).kind !== undefined) return []
    const content = withoutIndent(slice.text.replace(/^---.*$/m, ''))
    if (isOnlyTemplate(content)) return [{ line: slice.line, isTemplate: true }]
    const isObject = API_VERSION.test(content)
    if (isObject && /^kind[ \t]*:/m.test(content) && isTemplate(content))
      return [{ line: slice.line, isTemplate: true }]
    return isObject && UNUSUAL_KEY.test(content) ? [{ line: slice.line, isTemplate: false }] : []
  })
}

/** All keys of a mapping may be indented. */
function withoutIndent(text: string): string {
  const indent = /^( *)[^\s#]/m.exec(text)?.[1] ?? ''
  return indent === '' ? text : text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
}

/** Sections of templates that are removed: what starts one, and what ends it. */
const COMMENTS = [
  [/\{\{-?\s*\/\*/g, /\*\/\s*-?\}\}/g],
  [/\{#/g, /#\}/g],
  [/^[ \t]*#/gm, /$/gm],
] as const
const DEFINITIONS = [[/\{\{-?\s*define\b/g, /\{\{-?\s*end\s*-?\}\}/g]] as const
const CONTROLS = [
  [/\{\{-?\s*(?:(?:if|else|end|range|with|block|break|continue)\b|\$\w+\s*:?=)/g, /\}\}/g],
] as const
const OUTPUTS = [
  [/\{\{/g, /\}\}/g],
  [/\{%/g, /%\}/g],
] as const

/** Whether templates write all of a document, and something at all. */
function isOnlyTemplate(text: string): boolean {
  const rest = [...COMMENTS, ...DEFINITIONS, ...CONTROLS].reduce(withoutSections, text)
  const literal = OUTPUTS.reduce(withoutSections, rest)
  return literal !== rest && literal.trim() === ''
}

/** Reads a text once: without an end, there is no further section. */
function withoutSections(text: string, [start, end]: readonly [RegExp, RegExp]): string {
  let result = ''
  for (let at = 0; ;) {
    start.lastIndex = at
    const found = start.exec(text)
    end.lastIndex = start.lastIndex
    if (!found || !end.test(text)) return result + text.slice(at)
    result += text.slice(at, found.index)
    at = Math.max(end.lastIndex, start.lastIndex)
  }
}
