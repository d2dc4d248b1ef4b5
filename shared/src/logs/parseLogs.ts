import { parseEnvoyAccessJson, parseEnvoyAccessText } from './envoyAccessLine.js'
import {
  parseRbacDecision,
  parseRbacRequest,
  withHeaders,
  type RbacRequest,
} from './envoyRbacLine.js'
import { fieldsOfJson } from './fields.js'
import { wholeLines } from './wholeLines.js'
import type { LogLine } from './logLine.js'
import { parseZtunnelJson, parseZtunnelText, type ParsedLine } from './ztunnelLine.js'

/** The lines of a log. */
export interface ParsedLogs {
  readonly lines: readonly LogLine[]
  /** The numbers of the lines with text that is no decision of a proxy. */
  readonly skipped: readonly number[]
}

/** Longer lines are skipped: no proxy writes them. */
const MAX_LENGTH = 100_000

/** Fields in which collectors of logs put the line of a program. */
const WRAPPERS = [
  'log',
  'message',
  'msg',
  'textPayload',
  'jsonPayload.message',
  'line',
  'body',
  'event',
  '_raw',
  'MESSAGE',
]

/**
 * Reads the logs of ztunnel, waypoints, sidecars and gateways: text and JSON, with the prefixes that `kubectl logs
 * --prefix`, stern and container runtimes add. The lines of one RBAC debug message belong together. Never throws.
 */
export function parseLogs(text: string): ParsedLogs {
  const lines: LogLine[] = []
  const skipped: number[] = []
  let request: RbacRequest | undefined
  for (const { line, text: whole } of wholeLines(text)) {
    if (whole.trim() === '') continue
    const content = whole.length > MAX_LENGTH ? '' : unwrapped(withoutColours(whole))
    const started = typeof content === 'string' ? parseRbacRequest(content) : undefined
    if (started) {
      request = started
      continue
    }
    const parsed = typeof content === 'string' ? parseText(content, request) : parseJson(content)
    if (parsed) lines.push({ line, ...parsed })
    else if (request && typeof content === 'string' && /'[^',]+', ?'/.test(content))
      request = withHeaders(request, content)
    else if (!request || !isContinuation(whole)) skipped.push(line)
  }
  return { lines, skipped }
}

/** Reads one line; undefined if it is no decision of a proxy. */
export function parseLogLine(text: string): LogLine | undefined {
  return parseLogs(text).lines[0]
}

function parseText(text: string, request: RbacRequest | undefined): ParsedLine | undefined {
  return parseRbacDecision(text, request) ?? parseZtunnelText(text) ?? parseEnvoyAccessText(text)
}

function parseJson(value: object): ParsedLine | undefined {
  const fields = fieldsOfJson(value)
  return parseZtunnelJson(fields) ?? parseEnvoyAccessJson(fields)
}

/** The JSON object of a line, or its text. A line that a collector put into JSON is taken out. */
function unwrapped(line: string): object | string {
  const start = line.indexOf('{')
  if (start < 0 || !line.trimEnd().endsWith('}')) return line
  const value = jsonObject(line.slice(start))
  if (!value) return line
  const fields = fieldsOfJson(value)
  for (const name of WRAPPERS) {
    const inner = fields.get(name)
    if (inner === undefined) continue
    const innerObject = inner.trimStart().startsWith('{') ? jsonObject(inner) : undefined
    if (innerObject) return innerObject
    if (parseRbacRequest(inner) || parseText(inner, undefined)) return hasOwn(value) ? value : inner
  }
  const inside = (Object.values(value) as unknown[]).filter(isObject)
  return inside.find((inner) => parseJson(inner) !== undefined) ?? value
}

/** Whether the JSON is a line of ztunnel itself, whose message is a part of it. */
function hasOwn(value: object): boolean {
  return 'scope' in value && parseJson(value) !== undefined
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function withoutColours(line: string): string {
  return line.replace(/\u001b\[[\d;]*m/g, '')
}

/** Whether a line belongs to the RBAC message above it: it has no time. */
function isContinuation(line: string): boolean {
  return !/\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(line)
}
