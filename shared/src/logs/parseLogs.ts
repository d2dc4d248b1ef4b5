import { parseEnvoyAccessJson, parseEnvoyAccessText } from './envoyAccessLine.js'
import {
  parseRbacDecision,
  parseRbacRequest,
  withHeaders,
  type RbacRequest,
} from './envoyRbacLine.js'
import { fieldsOfJson } from './fields.js'
import { recordsIn, type Content } from './records.js'
import { wholeLines } from './wholeLines.js'
import type { LogLine } from './logLine.js'
import { parseZtunnelJson, parseZtunnelText, type ParsedLine } from './ztunnelLine.js'

/** The lines of a log. */
export interface ParsedLogs {
  readonly lines: readonly LogLine[]
  /** The numbers of the lines with text that is no decision of a proxy. */
  readonly skipped: readonly number[]
}

/** Longer texts are skipped: no proxy writes them. */
const MAX_LENGTH = 100_000
/** Longer lines are skipped. An export of many records can be one line. */
const MAX_LINE = 20_000_000

/**
 * Reads the logs of ztunnel, waypoints, sidecars and gateways: text and JSON, with the prefixes that `kubectl logs
 * --prefix`, stern and container runtimes add, and as collectors of logs export them. The lines of one RBAC debug
 * message belong together. Never throws.
 */
export function parseLogs(text: string): ParsedLogs {
  const lines: LogLine[] = []
  const skipped: number[] = []
  let request: RbacRequest | undefined
  for (const { line, text: whole } of wholeLines(text)) {
    if (whole.trim() === '') continue
    const contents = whole.length > MAX_LINE ? [] : recordsIn(whole, isRecord)
    let isSkipped = contents.length === 0
    for (const content of contents) {
      const started = typeof content === 'string' ? parseRbacRequest(content) : undefined
      const parsed = started ? undefined : parseContent(content, request)
      if (started) request = started
      else if (parsed) lines.push({ line, ...parsed })
      else if (request && typeof content === 'string' && /'[^',]+', ?'/.test(content))
        request = withHeaders(request, content)
      else if (!request || !isContinuation(whole)) isSkipped = true
    }
    if (isSkipped && lines.at(-1)?.line !== line) skipped.push(line)
  }
  return { lines, skipped }
}

/** Reads one line; undefined if it is no decision of a proxy. */
export function parseLogLine(text: string): LogLine | undefined {
  return parseLogs(text).lines[0]
}

function isRecord(content: Content): boolean {
  return (
    parseContent(content, undefined) !== undefined ||
    (typeof content === 'string' && parseRbacRequest(content) !== undefined)
  )
}

function parseContent(content: Content, request: RbacRequest | undefined): ParsedLine | undefined {
  if (typeof content === 'object') return parseJson(content)
  return content.length > MAX_LENGTH ? undefined : parseText(content, request)
}

function parseText(text: string, request: RbacRequest | undefined): ParsedLine | undefined {
  return parseRbacDecision(text, request) ?? parseZtunnelText(text) ?? parseEnvoyAccessText(text)
}

function parseJson(value: object): ParsedLine | undefined {
  const fields = fieldsOfJson(value)
  return parseZtunnelJson(fields) ?? parseEnvoyAccessJson(fields)
}

/** Whether a line belongs to the RBAC message above it: it has no time. */
function isContinuation(line: string): boolean {
  return !/\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(line)
}
