import type { FieldPath } from '../yaml/node.js'
import type { ObjectReader } from './objectReader.js'
import type { Labels } from './resourceBase.js'

/** How a text is compared. `path prefix` compares whole segments; `present` takes any value. */
export interface StringMatch {
  readonly kind: 'exact' | 'prefix' | 'path prefix' | 'regex' | 'present'
  readonly value: string
}

export interface NamedMatch {
  readonly name: string
  readonly match: StringMatch
}

/** One match of an HTTP route. All of its conditions must hold. */
export interface RequestMatch {
  /** Of the match in its object. */
  readonly path: FieldPath
  readonly uri: StringMatch | undefined
  readonly ignoresUriCase: boolean
  readonly method: StringMatch | undefined
  readonly authority: StringMatch | undefined
  readonly scheme: StringMatch | undefined
  readonly headers: readonly NamedMatch[]
  /** Headers whose match excludes a request. */
  readonly withoutHeaders: readonly NamedMatch[]
  readonly queryParams: readonly NamedMatch[]
  /** The port on which the request arrives. */
  readonly port: number | undefined
  readonly source: SourceMatch
}

/** What a match of a VirtualService says about the client's proxy. */
export interface SourceMatch {
  readonly sourceLabels: Labels | undefined
  readonly sourceNamespace: string | undefined
  readonly gateways: readonly string[]
}

const ANY_SOURCE: SourceMatch = {
  sourceLabels: undefined,
  sourceNamespace: undefined,
  gateways: [],
}

/** A match that takes every request. */
function anyRequest(path: FieldPath): RequestMatch {
  return {
    path,
    uri: undefined,
    ignoresUriCase: false,
    method: undefined,
    authority: undefined,
    scheme: undefined,
    headers: [],
    withoutHeaders: [],
    queryParams: [],
    port: undefined,
    source: ANY_SOURCE,
  }
}

/** `spec.rules[].matches[]` of an HTTPRoute. */
export function decodeHttpRouteMatch(match: ObjectReader): RequestMatch {
  const path = match.object('path')
  const method = match.string('method')
  return {
    ...anyRequest(match.path),
    uri: pathMatch(path?.string('type') ?? 'PathPrefix', path?.string('value') ?? '/'),
    method: method === undefined ? undefined : { kind: 'exact', value: method },
    headers: (match.objects('headers') ?? []).map(namedMatch),
    queryParams: (match.objects('queryParams') ?? []).map(namedMatch),
  }
}

function pathMatch(type: string, value: string): StringMatch {
  if (type === 'Exact') return { kind: 'exact', value }
  return type === 'RegularExpression'
    ? { kind: 'regex', value }
    : { kind: 'path prefix', value: value === '/' ? value : value.replace(/\/$/, '') }
}

/** `name`, `type` and `value` of a header or a query parameter of the Gateway API. */
function namedMatch(entry: ObjectReader): NamedMatch {
  return {
    name: entry.string('name') ?? '',
    match: {
      kind: entry.string('type') === 'RegularExpression' ? 'regex' : 'exact',
      value: entry.string('value') ?? '',
    },
  }
}

/** `spec.rules[].matches[]` of a GRPCRoute: the path of a gRPC request is `/service/method`. */
export function decodeGrpcRouteMatch(match: ObjectReader): RequestMatch {
  const grpc = match.object('method')
  const service = grpc?.string('service')
  const method = grpc?.string('method')
  const isRegex = grpc?.string('type') === 'RegularExpression'
  return {
    ...anyRequest(match.path),
    uri: grpcPath(service, method, isRegex),
    headers: (match.objects('headers') ?? []).map(namedMatch),
  }
}

function grpcPath(
  service: string | undefined,
  method: string | undefined,
  isRegex: boolean,
): StringMatch | undefined {
  if (service === undefined)
    return method === undefined ? undefined : { kind: 'regex', value: `/[^/]+/${method}` }
  if (method === undefined)
    return isRegex
      ? { kind: 'regex', value: `/${service}/.+` }
      : { kind: 'prefix', value: `/${service}/` }
  return { kind: isRegex ? 'regex' : 'exact', value: `/${service}/${method}` }
}

/** `spec.http[].match[]` of a VirtualService. */
export function decodeVirtualServiceMatch(match: ObjectReader): RequestMatch {
  return {
    path: match.path,
    uri: decodeStringMatch(match.object('uri')),
    ignoresUriCase: match.boolean('ignoreUriCase') ?? false,
    method: decodeStringMatch(match.object('method')),
    authority: decodeStringMatch(match.object('authority')),
    scheme: decodeStringMatch(match.object('scheme')),
    headers: namedMatches(match, 'headers'),
    withoutHeaders: namedMatches(match, 'withoutHeaders'),
    queryParams: namedMatches(match, 'queryParams'),
    port: match.integer('port'),
    source: decodeSourceMatch(match),
  }
}

export function decodeSourceMatch(match: ObjectReader): SourceMatch {
  return {
    sourceLabels: match.stringMap('sourceLabels'),
    sourceNamespace: match.string('sourceNamespace'),
    gateways: match.strings('gateways') ?? [],
  }
}

function namedMatches(match: ObjectReader, field: string): NamedMatch[] {
  return [...(match.objectMap(field) ?? [])].map(([name, reader]) => ({
    name,
    match: decodeStringMatch(reader) ?? { kind: 'present', value: '' },
  }))
}

/** `exact`, `prefix` or `regex`. One without a value takes any value. */
function decodeStringMatch(reader: ObjectReader | undefined): StringMatch | undefined {
  if (!reader) return undefined
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const value = reader.string(kind)
    if (value !== undefined) return { kind, value }
  }
  return { kind: 'present', value: '' }
}
