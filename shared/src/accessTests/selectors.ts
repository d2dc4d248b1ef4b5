import type { YamlNode } from '../yaml/node.js'
import type { FieldReader } from './fieldReader.js'
import type { ClientSelector, HttpSelector, TargetSelector } from './testFile.js'

const NAMESPACE = /^namespace:([^/\s]+)$/
const ACCOUNT = /^([^/:\s]+)\/([^/:\s]+)$/
const TARGET = /^(service|workload|host)[ =:](\S+?)(?::(\d{1,5}))?$/
const MAX_PORT = 65_535

/** The words for clients without an identity. */
export const OUTSIDE = 'outside'

/** `shop/web` as the fields of a request. */
export function accountOf(
  text: string,
): { readonly namespace: string; readonly serviceAccount: string } | undefined {
  const [, namespace, serviceAccount] = ACCOUNT.exec(text) ?? []
  return namespace === undefined || serviceAccount === undefined
    ? undefined
    : { namespace, serviceAccount }
}

/** `service shop/api:80`. */
export function targetOf(text: string): Exclude<TargetSelector, { namespace: string }> | undefined {
  const [, kind, name = '', port] = TARGET.exec(text) ?? []
  if (kind !== 'service' && kind !== 'workload' && kind !== 'host') return undefined
  if (kind !== 'host' && !ACCOUNT.test(name)) return undefined
  const number = port === undefined ? undefined : Number(port)
  if (number !== undefined && (number < 1 || number > MAX_PORT)) return undefined
  return { kind, name, port: number }
}

export function readClients(reader: FieldReader, node: YamlNode, what: string): ClientSelector[] {
  return reader.items(node, what).flatMap((item): ClientSelector[] => {
    const text = item.type === 'scalar' ? item.text : ''
    if (text === OUTSIDE) return [OUTSIDE]
    const namespace = NAMESPACE.exec(text)?.[1]
    if (namespace !== undefined) return [{ namespace }]
    const account = accountOf(text)
    if (account) return [{ account }]
    reader.report(
      item,
      `A client must be NAMESPACE/ACCOUNT, "namespace:NAME" or "${OUTSIDE}" for clients without an identity.`,
    )
    return []
  })
}

export function readTargets(reader: FieldReader, node: YamlNode): TargetSelector[] {
  return reader.items(node, '"to"').flatMap((item): TargetSelector[] => {
    const text = item.type === 'scalar' ? item.text : ''
    const namespace = NAMESPACE.exec(text)?.[1]
    const target = namespace === undefined ? targetOf(text) : { namespace }
    if (target) return [target]
    reader.report(
      item,
      'A destination must be "service NAMESPACE/NAME[:PORT]", "workload NAMESPACE/NAME[:PORT]", "host NAME[:PORT]" or "namespace:NAME".',
    )
    return []
  })
}

export function readHttp(reader: FieldReader, node: YamlNode): HttpSelector | undefined {
  const fields = reader.fields(node, {
    what: '"http"',
    keys: ['method', 'path', 'host', 'headers'],
  })
  if (!fields) return undefined
  const patterns = (key: string): string[] => {
    const entry = fields.get(key)
    return entry ? reader.texts(entry.value, `"${key}"`) : []
  }
  return {
    method: patterns('method'),
    path: patterns('path'),
    host: patterns('host').map((host) => host.toLowerCase()),
    headers: readHeaders(reader, fields.get('headers')?.value),
  }
}

function readHeaders(reader: FieldReader, node: YamlNode | undefined): HttpSelector['headers'] {
  if (!node) return []
  if (node.type !== 'map') {
    reader.report(node, 'The key "headers" must be a mapping of names to values.')
    return []
  }
  return node.entries.map(({ key, value }) => ({
    name: key.toLowerCase(),
    patterns: reader.texts(value, `the header "${key}"`),
  }))
}
