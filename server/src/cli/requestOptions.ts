import { addToGroup, decodeRequest, type AccessRequest } from '@istio-ambient-policy/shared'
import { CommandFailure } from './io.js'

/** The options of `evaluate` that describe one request. */
export interface RequestOptions {
  readonly from?: string
  readonly fromIp?: string
  readonly to?: string
  readonly port?: string
  readonly method?: string
  readonly path?: string
  readonly host?: string
  readonly header?: readonly string[]
  readonly claim?: readonly string[]
}

/** The request of the options. Throws a `CommandFailure` if they are not valid. */
export function requestFromOptions(options: RequestOptions): AccessRequest {
  if (options.from === undefined && options.fromIp === undefined)
    throw new CommandFailure('missing --from or --from-ip')
  const destination = splitPort(options)
  const headers = pairs(options.header, '--header')
  const claims = pairs(options.claim, '--claim')
  const http = { method: options.method, path: options.path, host: options.host, headers, claims }
  const { request, problem } = decodeRequest({
    from: { ...account(options.from), ip: options.fromIp },
    to: { ...target(destination.to), port: port(destination.port) },
    ...(Object.values(http).some((value) => value !== undefined) ? { http } : {}),
  })
  if (request === undefined) throw new CommandFailure(inOptions(problem))
  return request
}

/** The problem of a field, with the name of its option. */
function inOptions(problem: string): string {
  return problem
    .replace(/^from\.ip /, '--from-ip ')
    .replace(/^to\.port /, '--port ')
    .replace(/^to\.(\w+) must be namespace\/name/, '--to $1 must be NAMESPACE/NAME')
}

function account(from: string | undefined): object {
  return from === undefined ? {} : accountOf(from)
}

/** A service account on the command line: `shop/web`. */
export function accountOf(from: string): { namespace: string; serviceAccount: string } {
  const [, namespace, serviceAccount] = /^([^/]+)\/([^/]+)$/.exec(from) ?? []
  if (namespace === undefined || serviceAccount === undefined)
    throw new CommandFailure(`--from must be NAMESPACE/SERVICE-ACCOUNT, not "${from}"`)
  return { namespace, serviceAccount }
}

function target(to: string | undefined): object {
  const [, kind, name] = /^(service|workload|host)[ =:](\S+)$/.exec(to ?? '') ?? []
  if (kind === undefined)
    throw new CommandFailure(
      `${to === undefined ? 'missing --to: it' : '--to'} must be "service NAMESPACE/NAME", "workload NAMESPACE/NAME" or "host NAME"${to === undefined ? '' : `, not "${to}"`}`,
    )
  return { [kind]: name }
}

/** The port of `service shop/api:80`; the port of a host can be in its name too. */
function splitPort({ to, port: given }: RequestOptions): Pick<RequestOptions, 'to' | 'port'> {
  const [, name, port] = /^(.+):(\d{1,5})$/.exec(to ?? '') ?? []
  return given === undefined && port !== undefined ? { to: name, port } : { to, port: given }
}

function port(text: string | undefined): number {
  if (text === undefined || !/^\d{1,5}$/.test(text))
    throw new CommandFailure(
      text === undefined ? 'missing --port' : `--port must be a number, not "${text}"`,
    )
  return Number(text)
}

/** The `key=value` pairs of an option. A key that is given several times has a list of values. */
function pairs(
  given: readonly string[] | undefined,
  option: string,
): Readonly<Record<string, string | readonly string[]>> | undefined {
  if (given === undefined) return undefined
  const values = new Map<string, string[]>()
  for (const pair of given) {
    const at = pair.indexOf('=')
    if (at <= 0) throw new CommandFailure(`${option} must be KEY=VALUE, not "${pair}"`)
    const key = pair.slice(0, at)
    addToGroup(values, key, pair.slice(at + 1))
  }
  return Object.fromEntries(
    [...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]),
  )
}
