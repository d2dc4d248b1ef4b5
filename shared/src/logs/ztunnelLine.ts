import { endpointOf, fieldsOfText, identityOf, type Fields } from './fields.js'
import { NO_CLIENT, NO_DESTINATION, type LogLine } from './logLine.js'
import { decisionOfError, decisionOfMessage, isRejection, rejectionIn } from './ztunnelDecision.js'

/** A line without its number. */
export type ParsedLine = Omit<LogLine, 'line'>

const ACCESS = /\bconnection (?:complete|failed|opened)\b/
const MESSAGE = /(?:dry-run:? )?(?:(?:deny|allow) policy match|no allow policies[ ,\w]*)/

/** Reads a text line of ztunnel; undefined if it says nothing about a connection. */
export function parseZtunnelText(text: string): ParsedLine | undefined {
  const fields = fieldsOfText(text)
  if (isAccessLine(text, fields)) return accessLine(fields, /\berror\s+access\s/i.test(text))
  const oldRejection = /RBAC rejected conn=([\d.a-f:[\]]+?)\(([^)]*)\)->(\S+)/.exec(text)
  if (oldRejection) return oldRejectionLine(oldRejection)
  if (/\berr=http status: 401 Unauthorized/.test(text)) return unnamedRejection(text)
  const rejection = rejectionIn(text)
  if (rejection !== undefined)
    return { ...unnamedRejection(text), reason: rejection, ...decisionOfError(rejection, true) }
  const message = MESSAGE.exec(text)?.[0].trimEnd()
  return message === undefined ? undefined : policyLine(message, withSpans(fields, text))
}

/** Reads a JSON line of ztunnel. */
export function parseZtunnelJson(fields: Fields): ParsedLine | undefined {
  const message = fields.get('message') ?? ''
  if (isAccessLine(message, fields))
    return accessLine(fields, /^error$/i.test(fields.get('level') ?? ''))
  return policyLine(message, fields)
}

/** People leave out fields of a line when they show it. */
const SIDES = ['src.addr', 'src.identity', 'dst.addr', 'dst.service', 'dst.workload']

function isAccessLine(message: string, fields: Fields): boolean {
  return (
    (startsAccessLine(message) || isRejection(fields.get('error'))) &&
    SIDES.some((name) => fields.has(name))
  )
}

/** Whether a text is the start of a line of the access log. */
export function startsAccessLine(text: string): boolean {
  return ACCESS.test(text)
}

/** The end of a value that people shorten. */
const SHORTENED = /-?(?:\.{3}|…)$/

function isShortened(value: string | undefined): boolean {
  return value !== undefined && SHORTENED.test(value)
}

function accessLine(fields: Fields, isError: boolean): ParsedLine {
  const error = fields.get('error')
  const source = endpointOf(fields.get('src.addr'))
  const hbone = endpointOf(fields.get('dst.hbone_addr'))
  const address = endpointOf(fields.get('dst.addr'))
  const direction = fields.get('direction')
  const destinationIdentity = identityOf(fields.get('dst.identity'))
  const identity = fields.get('src.identity')
  const host = fields.get('dst.service')
  return {
    format: 'ztunnel access log',
    proxy: 'ztunnel',
    reason: error ?? (isError ? 'error' : 'connection complete'),
    ...decisionOfError(error, isError),
    showsIdentity: identity === undefined || !isShortened(identity),
    direction: direction === 'inbound' || direction === 'outbound' ? direction : undefined,
    client: { identity: identityOf(identity), ip: source?.host },
    destination: {
      namespace: fields.get('dst.namespace') ?? destinationIdentity?.namespace,
      pod: fields.get('dst.workload')?.replace(SHORTENED, ''),
      identity: destinationIdentity,
      host: isShortened(host) ? undefined : host,
      ip: (hbone ?? address)?.host,
      port: (hbone ?? address)?.port,
    },
    http: undefined,
  }
}

/** `proxy{wl=shop/cart-1}:inbound{id=1 peer=10.0.0.1:40000}`: the spans of a text line, as JSON lines name them. */
function withSpans(fields: Fields, text: string): Fields {
  const workload = /\bproxy\{[^}]{0,300}?\bwl=([^\s}]+)/.exec(text)?.[1]
  const peer = /\binbound\{[^}]{0,300}?\bpeer=([^\s}]+)/.exec(text)?.[1]
  return new Map([
    ...fields,
    ...(workload === undefined ? [] : [['proxy.wl', workload] as const]),
    ...(peer === undefined ? [] : [['inbound.peer', peer] as const]),
  ])
}

function policyLine(message: string, fields: Fields): ParsedLine | undefined {
  const decided = decisionOfMessage(message, fields.get('policy'))
  if (!decided) return undefined
  const [namespace, pod] = (fields.get('proxy.wl') ?? '').split('/')
  return {
    format: 'ztunnel policy log',
    proxy: 'ztunnel',
    reason: message,
    ...decided,
    showsIdentity: false,
    direction: 'inbound',
    client: { identity: undefined, ip: endpointOf(fields.get('inbound.peer'))?.host },
    destination: { ...NO_DESTINATION, ...(pod === undefined ? {} : { namespace, pod }) },
    http: undefined,
  }
}

/** Up to Istio 1.22: `RBAC rejected conn=10.0.0.1(spiffe://…)->10.0.0.2:9080`. */
function oldRejectionLine([reason, ip, identity, destination]: RegExpExecArray): ParsedLine {
  const address = endpointOf(destination)
  return {
    ...unnamedRejection(reason),
    showsIdentity: true,
    client: { identity: identityOf(identity), ip },
    destination: { ...NO_DESTINATION, ip: address?.host, port: address?.port },
  }
}

function unnamedRejection(text: string): ParsedLine {
  return {
    format: 'ztunnel policy log',
    proxy: 'ztunnel',
    verdict: 'deny',
    reason: text.includes('RBAC rejected') ? 'RBAC rejected' : 'http status: 401 Unauthorized',
    decision: { kind: 'not named' },
    isDryRun: false,
    showsIdentity: false,
    direction: text.includes('outbound') ? 'outbound' : undefined,
    client: NO_CLIENT,
    destination: NO_DESTINATION,
    http: undefined,
  }
}
