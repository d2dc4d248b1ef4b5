import { parsePrincipal, type Identity } from '../vocabulary/principal.js'

/** The fields of a log line by their names; names of nested JSON objects are joined with dots. */
export type Fields = ReadonlyMap<string, string>

/** Fields of JSON: `{"dst":{"addr":"…"}}` and `{"dst.addr":"…"}` are the same. */
export function fieldsOfJson(value: object, prefix = '', fields = new Map<string, string>()) {
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    const name = prefix === '' ? key : `${prefix}.${key}`
    if (typeof field === 'string') fields.set(name, field)
    else if (typeof field === 'number' || typeof field === 'boolean')
      fields.set(name, String(field))
    else if (typeof field === 'object' && field !== null && name.split('.').length < 5)
      fieldsOfJson(field, name, fields)
  }
  return fields
}

/** Fields of text: `src.addr=10.0.0.1:40000 dst.workload="web-1"`. Other words are left out. The last can be cut off. */
export function fieldsOfText(text: string): Fields {
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, bare] of text.matchAll(
    /(?<![\w.])([A-Za-z_][\w.]*)=(?:"((?:[^"\\]|\\.)*)(?:"|$)|([^\s"]+))/g,
  ))
    if (!fields.has(name)) fields.set(name, quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '')
  return fields
}

/** `10.0.0.1:8080`, `[2001:db8::1]:8080` and `host:80` as address and port. */
export function endpointOf(
  text: string | undefined,
): { readonly host: string; readonly port: number | undefined } | undefined {
  if (text === undefined || text === '' || text === '-') return undefined
  const [, ipv6, name, port] = /^(?:\[([^\]]*)\]|([^\s]*?)):(\d{1,5})$/.exec(text) ?? []
  const host = ipv6 ?? name ?? text
  return { host, port: port === undefined ? undefined : Number(port) }
}

/** The identity in a certificate; undefined if the text is none. */
export function identityOf(text: string | undefined): Identity | undefined {
  const parsed = text === undefined ? undefined : parsePrincipal(text)
  return parsed && parsed.trustDomain !== ''
    ? {
        trustDomain: parsed.trustDomain,
        namespace: parsed.namespace,
        serviceAccount: parsed.serviceAccount,
      }
    : undefined
}
