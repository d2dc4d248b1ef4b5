import type {
  AccessRequest,
  EvaluateCommandArgument,
  RequestChoices,
  RequestHttp,
} from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'

/** An address outside the mesh. */
export const OUTSIDE_ADDRESS = '10.0.0.1'

/** A request that is not complete yet: the fields of an `AccessRequest`, all optional. */
export interface RequestDraft {
  readonly from?:
    | { readonly namespace: string; readonly serviceAccount: string }
    | { readonly ip: string }
  readonly to?: { readonly kind: 'service' | 'workload' | 'host'; readonly name: string }
  readonly port?: number
  /** Null for a plain TCP connection. */
  readonly http?: RequestHttp | null
}

/** What the questions for a request start from. */
export interface QuestionContext {
  readonly choices: RequestChoices
  /** The previous request: its values are selected. */
  readonly last: RequestDraft
  /** Values that are known already: there is no question for them. */
  readonly given: RequestDraft
}

/** The complete request; undefined if a value is missing. */
export function requestOf({ from, to, port, http }: RequestDraft): AccessRequest | undefined {
  if (!from || !to || port === undefined) return undefined
  const target =
    to.kind === 'service'
      ? { service: to.name, port }
      : to.kind === 'workload'
        ? { workload: to.name, port }
        : { host: to.name, port }
  return { from, to: target, ...(http ? { http } : {}) }
}

/** The draft of a complete request. A client without an identity gets an address outside the mesh. */
export function draftOf({ from, to, http }: AccessRequest): RequestDraft {
  const { namespace, serviceAccount, ip = OUTSIDE_ADDRESS } = from
  const { port } = to
  return {
    from:
      namespace === undefined || serviceAccount === undefined
        ? { ip }
        : { namespace, serviceAccount },
    to:
      'service' in to
        ? { kind: 'service', name: to.service }
        : 'workload' in to
          ? { kind: 'workload', name: to.workload }
          : { kind: 'host', name: to.host },
    port,
    http: http ?? null,
  }
}

/** `shop/web → Service shop/cart port 80: GET /items`. */
export function draftInWords({ from, to, port, http }: RequestDraft): string {
  const client = from
    ? 'ip' in from
      ? l10n.t('{0} (outside the mesh)', from.ip)
      : `${from.namespace}/${from.serviceAccount}`
    : '…'
  const target = to ? objectInWords(to) : '…'
  const at = port === undefined ? '' : ` ${l10n.t('port {0}', port)}`
  return `${client} → ${target}${at}${httpInWords(http)}`
}

/** `Service shop/cart`. */
export function objectInWords({ kind, name }: NonNullable<RequestDraft['to']>): string {
  const inWords = {
    service: l10n.t('Service {0}', name),
    workload: l10n.t('workload {0}', name),
    host: l10n.t('host {0}', name),
  }
  return inWords[kind]
}

/** `: GET /items …`, where `…` stands for more details. */
function httpInWords(http: RequestDraft['http']): string {
  if (http === undefined) return ''
  if (http === null) return ': TCP'
  const hasDetails = Object.keys(http).some((key) => key !== 'method' && key !== 'path')
  return `: ${http.method ?? 'GET'} ${http.path ?? '/'}${hasDetails ? ' …' : ''}`
}

/** The argument that a code lens or the mesh view gives to the command; undefined if it is not valid. */
export function decodeArgument(value: unknown): EvaluateCommandArgument | undefined {
  const uri = field(value, 'uri')
  if (typeof uri !== 'string') return undefined
  const from = account(field(value, 'from'))
  const to = target(field(value, 'to'))
  return { uri, ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

function account(value: unknown): EvaluateCommandArgument['from'] {
  const namespace = field(value, 'namespace')
  const serviceAccount = field(value, 'serviceAccount')
  return typeof namespace === 'string' && typeof serviceAccount === 'string'
    ? { namespace, serviceAccount }
    : undefined
}

function target(value: unknown): EvaluateCommandArgument['to'] {
  const kind = field(value, 'kind')
  const name = field(value, 'name')
  const port = field(value, 'port')
  if ((kind !== 'service' && kind !== 'workload' && kind !== 'host') || typeof name !== 'string')
    return undefined
  return { kind, name, ...(typeof port === 'number' ? { port } : {}) }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
