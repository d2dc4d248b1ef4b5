import type { FieldPath } from '../yaml/node.js'
import { GATEWAY_API } from '../vocabulary/kinds.js'
import type { ObjectReader } from './objectReader.js'
import { decodeGrpcRouteMatch, decodeHttpRouteMatch, type RequestMatch } from './requestMatch.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

export interface ParentReference {
  readonly group: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
  /** The name of a listener; undefined for all of them. */
  readonly sectionName: string | undefined
  readonly port: number | undefined
  readonly path: FieldPath
}

/** A backend Service of a route. */
export interface BackendReference {
  readonly group: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
  readonly port: number | undefined
  /** 1 where absent. */
  readonly weight: number
  /** The types of its filters. */
  readonly filters: readonly string[]
  readonly path: FieldPath
}

/** One rule of a route. */
export interface RouteRule {
  /** Empty where the rule is for all traffic, and for kinds without matches. */
  readonly matches: readonly RequestMatch[]
  /** Whether it answers with a redirect. */
  readonly redirects: boolean
  /** The types of its filters. */
  readonly filters: readonly string[]
  readonly backendRefs: readonly BackendReference[]
  readonly path: FieldPath
}

export type RouteType = 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'

/** A route of the Gateway API. */
export type Route = { [T in RouteType]: RouteOf<T> }[RouteType]

interface RouteOf<T extends RouteType> extends ResourceBase {
  readonly type: T
  readonly parentRefs: readonly ParentReference[]
  /** Empty for every host, and for a TCPRoute. */
  readonly hostnames: readonly string[]
  readonly rules: readonly RouteRule[]
  /** Those of all rules. */
  readonly backendRefs: readonly BackendReference[]
}

const DECODE_MATCH: Readonly<Partial<Record<RouteType, (match: ObjectReader) => RequestMatch>>> = {
  HTTPRoute: decodeHttpRouteMatch,
  GRPCRoute: decodeGrpcRouteMatch,
}

export function decodeRoute<T extends RouteType>(type: T): (input: DecodeInput) => RouteOf<T> {
  const decodeMatch = DECODE_MATCH[type]
  return ({ base, reader }) => {
    const spec = reader.object('spec')
    const rules = (spec?.objects('rules') ?? []).map((rule): RouteRule => ({
      matches: decodeMatch ? (rule.objects('matches') ?? []).map(decodeMatch) : [],
      redirects: (rule.objects('filters') ?? []).some((filter) =>
        filter.hasValue('requestRedirect'),
      ),
      filters: filterTypes(rule),
      backendRefs: (rule.objects('backendRefs') ?? []).map(decodeBackend),
      path: rule.path,
    }))
    return objectOf(base, {
      type,
      parentRefs: (spec?.objects('parentRefs') ?? []).map((ref) => ({
        group: ref.string('group') ?? GATEWAY_API,
        kind: ref.string('kind') ?? 'Gateway',
        namespace: ref.string('namespace'),
        name: ref.string('name') ?? '',
        sectionName: ref.string('sectionName'),
        port: ref.integer('port'),
        path: ref.path,
      })),
      hostnames: spec?.strings('hostnames') ?? [],
      rules,
      backendRefs: rules.flatMap(({ backendRefs }) => backendRefs),
    })
  }
}

function filterTypes(reader: ObjectReader): readonly string[] {
  return (reader.objects('filters') ?? []).flatMap((filter) => filter.string('type') ?? [])
}

function decodeBackend(ref: ObjectReader): BackendReference {
  return {
    group: ref.string('group') ?? '',
    kind: ref.string('kind') ?? 'Service',
    namespace: ref.string('namespace'),
    name: ref.string('name') ?? '',
    port: ref.integer('port'),
    weight: ref.integer('weight') ?? 1,
    filters: filterTypes(ref),
    path: ref.path,
  }
}
