import type {
  AccessRequest,
  EvaluateCommandArgument,
  RequestChoices,
  RequestHttp,
} from '@istio-ambient-policy/shared'

/** A request that is being put together. It is what the server is asked, field by field. */
export interface RequestDraft {
  readonly from?:
    { readonly namespace: string; readonly serviceAccount: string } | { readonly ip: string }
  readonly to?: { readonly kind: 'service' | 'workload' | 'host'; readonly name: string }
  readonly port?: number
  /** Null for a plain TCP connection. */
  readonly http?: RequestHttp | null
}

/** What is known when a request is asked for. */
export interface Asked {
  readonly choices: RequestChoices
  /** What was asked last: its answers are marked. */
  readonly last: RequestDraft
  /** What is said already and not asked. */
  readonly given: RequestDraft
}

/** What the server is asked; undefined where something is not said yet. */
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

/** `shop/web → Service shop/cart port 80: GET /items`. */
export function draftInWords({ from, to, port, http }: RequestDraft): string {
  const client = from
    ? 'ip' in from
      ? `${from.ip} (outside the mesh)`
      : `${from.namespace}/${from.serviceAccount}`
    : '…'
  const target = to
    ? `${{ service: 'Service', workload: 'workload', host: 'host' }[to.kind]} ${to.name}`
    : '…'
  const extra =
    http && Object.keys(http).some((key) => key !== 'method' && key !== 'path') ? ' …' : ''
  return `${client} → ${target}${port === undefined ? '' : ` port ${port}`}${http ? `: ${http.method ?? 'GET'} ${http.path ?? '/'}${extra}` : http === null ? ': TCP' : ''}`
}

/** What a code lens or the mesh view says of a request; undefined for what is none. */
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
