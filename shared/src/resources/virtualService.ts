import type { FieldPath } from '../yaml/node.js'
import type { ObjectReader } from './objectReader.js'
import {
  decodeSourceMatch,
  decodeVirtualServiceMatch,
  type RequestMatch,
  type SourceMatch,
} from './requestMatch.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

/** Where a route of a VirtualService sends traffic. */
export interface VirtualDestination {
  readonly host: string
  readonly subset: string | undefined
  readonly port: number | undefined
  readonly weight: number | undefined
  /** Of the host. */
  readonly path: FieldPath
}

/** One of `spec.http`. */
export interface VirtualHttpRoute {
  /** Empty where it is for all requests. */
  readonly matches: readonly RequestMatch[]
  /** Whether the proxy answers itself, with a redirect or a direct response. */
  readonly answers: boolean
  /** Whether another VirtualService has its routes. */
  readonly delegates: boolean
  readonly destinations: readonly VirtualDestination[]
  readonly path: FieldPath
}

/** A match of `spec.tcp` or `spec.tls`. */
export interface ConnectionMatch {
  readonly port: number | undefined
  /** Undefined for `spec.tcp`. */
  readonly sniHosts: readonly string[] | undefined
  readonly source: SourceMatch
  readonly path: FieldPath
}

/** One of `spec.tcp` or `spec.tls`. */
export interface VirtualTcpRoute {
  /** Empty where it is for all connections. */
  readonly matches: readonly ConnectionMatch[]
  readonly destinations: readonly VirtualDestination[]
  readonly path: FieldPath
}

export interface VirtualService extends ResourceBase {
  readonly type: 'VirtualService'
  readonly hosts: readonly string[]
  /** `['mesh']` if absent. */
  readonly gateways: readonly string[]
  /** The namespaces whose proxies read it: names, `.` for its own, `*` for all; empty for the default. */
  readonly exportTo: readonly string[]
  readonly http: readonly VirtualHttpRoute[]
  readonly tls: readonly VirtualTcpRoute[]
  readonly tcp: readonly VirtualTcpRoute[]
  /** Those of all routes. */
  readonly destinations: readonly VirtualDestination[]
}

export function decodeVirtualService({ base, reader }: DecodeInput): VirtualService {
  const spec = reader.object('spec')
  const http = (spec?.objects('http') ?? []).map(decodeHttpRoute)
  const [tls, tcp] = (['tls', 'tcp'] as const).map((kind) =>
    (spec?.objects(kind) ?? []).map((route) => decodeTcpRoute(route, kind)),
  )
  const routes = [...http, ...(tls ?? []), ...(tcp ?? [])]
  return objectOf(base, {
    type: 'VirtualService',
    hosts: spec?.strings('hosts') ?? [],
    gateways: spec?.strings('gateways') ?? ['mesh'],
    exportTo: spec?.strings('exportTo') ?? [],
    http,
    tls: tls ?? [],
    tcp: tcp ?? [],
    destinations: routes.flatMap(({ destinations }) => destinations),
  })
}

function decodeHttpRoute(route: ObjectReader): VirtualHttpRoute {
  return {
    matches: (route.objects('match') ?? []).map(decodeVirtualServiceMatch),
    answers: route.hasValue('redirect') || route.hasValue('directResponse'),
    delegates: route.hasValue('delegate'),
    destinations: (route.objects('route') ?? []).map(decodeDestination),
    path: route.path,
  }
}

function decodeTcpRoute(route: ObjectReader, kind: 'tls' | 'tcp'): VirtualTcpRoute {
  return {
    matches: (route.objects('match') ?? []).map((match) => ({
      port: match.integer('port'),
      sniHosts: kind === 'tls' ? (match.strings('sniHosts') ?? []) : undefined,
      source: decodeSourceMatch(match),
      path: match.path,
    })),
    destinations: (route.objects('route') ?? []).map(decodeDestination),
    path: route.path,
  }
}

function decodeDestination(route: ObjectReader): VirtualDestination {
  const destination = route.object('destination')
  return {
    host: destination?.string('host') ?? '',
    subset: destination?.string('subset'),
    port: destination?.object('port')?.integer('number'),
    weight: route.integer('weight'),
    path: route.path.concat('destination', 'host'),
  }
}

/** Whether it is for traffic inside the mesh, and not for gateways only. */
export function isForMesh({ gateways }: VirtualService): boolean {
  return gateways.length === 0 || gateways.includes('mesh')
}
