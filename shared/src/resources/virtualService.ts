import type { FieldPath } from '../yaml/node.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

export interface VirtualService extends ResourceBase {
  readonly type: 'VirtualService'
  readonly hosts: readonly string[]
  /** `['mesh']` if absent. */
  readonly gateways: readonly string[]
  /** Whether it has HTTP routes, not only routes for connections. */
  readonly isHttp: boolean
  /** The destination hosts of its routes. */
  readonly destinations: readonly string[]
  /** The path of each destination host. */
  readonly destinationPaths: readonly FieldPath[]
}

export function decodeVirtualService({ base, reader }: DecodeInput): VirtualService {
  const spec = reader.object('spec')
  const routes = ['http', 'tls', 'tcp'].flatMap((kind) => spec?.objects(kind) ?? [])
  const destinations = routes
    .flatMap((route) => route.objects('route') ?? [])
    .map((route) => ({
      host: route.object('destination')?.string('host') ?? '',
      path: route.path.concat('destination', 'host'),
    }))
  return objectOf(base, {
    type: 'VirtualService',
    hosts: spec?.strings('hosts') ?? [],
    gateways: spec?.strings('gateways') ?? ['mesh'],
    isHttp: (spec?.objects('http') ?? []).length > 0,
    destinations: destinations.map(({ host }) => host),
    destinationPaths: destinations.map(({ path }) => path),
  })
}
