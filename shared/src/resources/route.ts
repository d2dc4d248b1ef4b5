import type { FieldPath } from '../yaml/node.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { GATEWAY_API } from '../vocabulary/kinds.js'

interface ParentReference {
  readonly group: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
  readonly path: FieldPath
}

/** A backend Service of a route. */
interface BackendReference {
  readonly group: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
  readonly port: number | undefined
  readonly path: FieldPath
}

/** HTTPRoute or GRPCRoute. */
export interface Route extends ResourceBase {
  readonly type: 'HTTPRoute' | 'GRPCRoute'
  readonly parentRefs: readonly ParentReference[]
  readonly backendRefs: readonly BackendReference[]
}

export function decodeRoute(type: Route['type']): (input: DecodeInput) => Route {
  return ({ base, reader }) => {
    const spec = reader.object('spec')
    return objectOf(base, {
      type,
      parentRefs: (spec?.objects('parentRefs') ?? []).map((ref) => ({
        group: ref.string('group') ?? GATEWAY_API,
        kind: ref.string('kind') ?? 'Gateway',
        namespace: ref.string('namespace'),
        name: ref.string('name') ?? '',
        path: ref.path,
      })),
      backendRefs: (spec?.objects('rules') ?? [])
        .flatMap((rule) => rule.objects('backendRefs') ?? [])
        .map((ref) => ({
          group: ref.string('group') ?? '',
          kind: ref.string('kind') ?? 'Service',
          namespace: ref.string('namespace'),
          name: ref.string('name') ?? '',
          port: ref.integer('port'),
          path: ref.path,
        })),
    })
  }
}
