import { parseDocument, type Document, type YAMLParseError } from 'yaml'
import type { Span } from '../text/lineIndex.js'
import { MAX_PROBLEMS, YamlConverter } from './convertYaml.js'
import type { YamlNode, YamlProblem } from './node.js'
import { readBlockYaml } from './readBlockYaml.js'
import { NONE } from '../text/collections.js'
import { syntaxMessage } from './syntaxMessages.js'

/** The tree of a document. `root` is undefined if it has no content. */
interface ParsedYaml {
  readonly root: YamlNode | undefined
  readonly problems: readonly YamlProblem[]
}

/** Characters that a problem of a whole document underlines. */
const MAX_UNDERLINED = 200
const CONFLICT = /^(?:<{7} .*|={7}|>{7} .*)$/m
/** The API server accepts no object above 1.5 MiB. */
const MAX_LENGTH = 1_600_000
/**
 * Line breaks, brackets, commas, colons and quotes in a document that the `yaml` package reads.
 * Each node and each error comes with one of these and takes some microseconds. This limit replaces
 * a timeout, which synchronous code cannot have. No real object comes near it.
 */
const MAX_MARKS = 250_000
const MARK = /[\n\r[\]{},:"']/g

/**
 * Reads one YAML document. Never throws: errors become problems, and the tree contains what could
 * be read.
 *
 * @param text one document, as `splitDocuments` returns it. Spans are UTF-16 offsets in it.
 */
export function parseYaml(text: string): ParsedYaml {
  const root = readBlockYaml(text)
  return root ? { root, problems: NONE } : parseAnyYaml(text)
}

/** Reads a document with the `yaml` package. */
export function parseAnyYaml(text: string): ParsedYaml {
  if (text.length > MAX_LENGTH || (text.length > MAX_MARKS && marksIn(text) > MAX_MARKS))
    return notRead('it is too large', text)
  let document: Document.Parsed
  try {
    document = withoutStackTraces(() =>
      parseDocument(withLineFeeds(text), {
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: 'silent',
        strict: false,
        merge: false,
      }),
    )
  } catch (error) {
    return notRead(messageOf(error), text)
  }
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION'))
    return notRead('it is nested too deeply', text)
  const conflict = document.errors.length > 0 ? CONFLICT.exec(text) : null
  const problems: YamlProblem[] = conflict
    ? [{ message: 'Unresolved merge conflict.', span: spanAt(conflict) }]
    : firstAtEachPlace(document.errors)
        .slice(0, MAX_PROBLEMS)
        .map((error) => ({
          message: syntaxMessage(error.message),
          span: spanWithin(text, error.pos),
        }))
  const converter = new YamlConverter(text, problems)
  const root = document.contents === null ? undefined : converter.node(document.contents, 0)
  return converter.isTooDeep
    ? notRead('it is nested too deeply', text)
    : { root, problems: problems.slice(0, MAX_PROBLEMS) }
}

/** One mistake, such as a wrong indentation, can be several errors of `yaml`. */
function firstAtEachPlace(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const places = new Set<number>()
  return errors.filter(({ pos: [start] }) => !places.has(start) && places.add(start))
}

function spanAt(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length }
}

/**
 * The span of an error of `yaml`, which may be after the end of the text or after a carriage
 * return.
 */
function spanWithin(text: string, [from, to]: readonly [number, number]): Span {
  const onLine = (at: number): number =>
    text[at - 1] === '\r' && (text[at] === '\n' || at === text.length) ? at - 1 : at
  const start = onLine(Math.min(from, text.length))
  return { start, end: Math.max(start, onLine(Math.min(to, text.length))) }
}

/**
 * `yaml` creates an error for every broken line. Their stack traces would take longer than reading
 * the document.
 */
function withoutStackTraces<T>(work: () => T): T {
  const engine = Error as { stackTraceLimit?: number | undefined }
  const { stackTraceLimit } = engine
  engine.stackTraceLimit = 0
  try {
    return work()
  } finally {
    engine.stackTraceLimit = stackTraceLimit
  }
}

/** The number of marks, counted up to one more than the limit. */
function marksIn(text: string): number {
  MARK.lastIndex = 0
  let count = 0
  while (count <= MAX_MARKS && MARK.test(text)) count++
  return count
}

/** A problem instead of the content of a document. It underlines the first line with content. */
function notRead(reason: string, text: string): ParsedYaml {
  const start = text.search(/[^\s-]/)
  const rest = text.slice(start, start + MAX_UNDERLINED)
  const end = start + (/[\r\n]/.exec(rest)?.index ?? rest.length)
  return {
    root: undefined,
    problems: [
      {
        message: `This document is not read: ${reason}.`,
        span: start < 0 ? { start: 0, end: 0 } : { start, end },
        isLimit: true,
      },
    ],
  }
}

/**
 * Replaces each carriage return that ends a line alone, which the `yaml` package does not support,
 * by a line feed. Offsets stay the same.
 */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text
}

function messageOf(error: unknown): string {
  return error instanceof RangeError
    ? 'it is nested too deeply'
    : error instanceof Error
      ? error.message
      : String(error)
}
