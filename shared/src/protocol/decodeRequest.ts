import type { AccessRequest, RequestHttp, RequestSource, RequestTarget } from '../access/request.js'

/** A request, or its first problem, which names the field. */
export type DecodedRequest =
  | { readonly request: AccessRequest; readonly problem?: undefined }
  | { readonly request?: undefined; readonly problem: string }

/** A field that is not valid; caught in `decodeRequest`. */
class InvalidField extends Error {}

/**
 * Decodes a request from plain data. Unknown fields are problems: a misspelt field would silently change the request.
 * Never throws.
 */
export function decodeRequest(value: unknown): DecodedRequest {
  try {
    const fields = record(value, '', ['id', 'from', 'to', 'http'])
    return {
      request: {
        id: fields['id'] === undefined ? undefined : identifier(fields['id']),
        from: source(fields['from']),
        to: target(fields['to']),
        http: http(fields['http']),
      },
    }
  } catch (error) {
    if (error instanceof InvalidField) return { problem: error.message }
    throw error
  }
}

function record(
  value: unknown,
  path: string,
  known: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidField(
      path === '' ? 'a request must be an object' : `${path} must be an object`,
    )
  const unknown = known && Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw new InvalidField(
      `unknown field "${path === '' ? '' : `${path}.`}${unknown}" in a request`,
    )
  return { ...value }
}

function identifier(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new InvalidField('id must be a string')
}

function optionalText(value: unknown, path: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new InvalidField(`${path} must be a non-empty string`)
}

function source(value: unknown): RequestSource {
  const fields = record(value, 'from', ['namespace', 'serviceAccount', 'ip', 'trustDomain'])
  const [namespace, serviceAccount, ip, trustDomain] = [
    'namespace',
    'serviceAccount',
    'ip',
    'trustDomain',
  ].map((key) => optionalText(fields[key], `from.${key}`))
  if ((namespace === undefined) !== (serviceAccount === undefined))
    throw new InvalidField('from needs namespace and serviceAccount together')
  if (namespace === undefined && ip === undefined)
    throw new InvalidField('from needs namespace and serviceAccount, or ip')
  if (ip !== undefined && !isIp(ip))
    throw new InvalidField(`from.ip must be an IP address, not "${ip}"`)
  return { namespace, serviceAccount, ip, trustDomain }
}

function isIp(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-f:.]+$/i.test(text)
  const octets = text.split('.')
  return (
    octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255)
  )
}

function target(value: unknown): RequestTarget {
  const fields = record(value, 'to', ['service', 'workload', 'host', 'port'])
  const [service, workload, host] = ['service', 'workload', 'host'].map((key) =>
    optionalText(fields[key], `to.${key}`),
  )
  const { port } = fields
  if ([service, workload, host].filter((name) => name !== undefined).length !== 1)
    throw new InvalidField('to needs one of service, workload and host')
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidField('to.port must be a port, 1 to 65535')
  if (service !== undefined) return { service: qualified(service, 'to.service'), port }
  return workload === undefined
    ? { host: host ?? '', port }
    : { workload: qualified(workload, 'to.workload'), port }
}

function qualified(name: string, path: string): string {
  if (!/^[^/\s]+\/[^/\s]+$/.test(name))
    throw new InvalidField(`${path} must be namespace/name, not "${name}"`)
  return name
}

function http(value: unknown): RequestHttp | undefined {
  if (value === undefined) return undefined
  const fields = record(value, 'http', [
    'method',
    'path',
    'host',
    'headers',
    'requestPrincipal',
    'claims',
  ])
  const [method, path, host, requestPrincipal] = ['method', 'path', 'host', 'requestPrincipal'].map(
    (key) => optionalText(fields[key], `http.${key}`),
  )
  return {
    method,
    path,
    host,
    requestPrincipal,
    headers: headers(fields['headers']),
    claims:
      fields['claims'] === undefined
        ? undefined
        : record(fields['claims'], 'http.claims', undefined),
  }
}

function headers(value: unknown): RequestHttp['headers'] {
  if (value === undefined) return undefined
  return Object.fromEntries(
    Object.entries(record(value, 'http.headers', undefined)).map(
      ([name, given]): [string, string | string[]] => {
        if (typeof given === 'string') return [name, given]
        if (Array.isArray(given) && given.every((item) => typeof item === 'string'))
          return [name, given]
        throw new InvalidField(`http.headers.${name} must be a string or a list of strings`)
      },
    ),
  )
}
