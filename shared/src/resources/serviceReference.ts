import type { FieldPath } from '../yaml/node.js'
import type { ObjectReader } from './objectReader.js'

/** A port of a Service that a client outside of the mesh calls. */
export interface ServiceReference {
  readonly name: string
  /** Undefined: the namespace of the object with the reference. */
  readonly namespace: string | undefined
  /** Number or name of a Service port; undefined if it is absent. */
  readonly port: number | string | undefined
  /** Path of the name of the Service. */
  readonly path: FieldPath
}

/**
 * A reference with the fields `name`, `namespace` and `port`, as in webhooks and APIServices. The
 * port is 443 if absent.
 */
export function decodeServiceReference(service: ObjectReader | undefined): ServiceReference[] {
  const name = service?.string('name')
  if (!service || name === undefined) return []
  return [
    {
      name,
      namespace: service.string('namespace'),
      port: service.integer('port') ?? 443,
      path: [...service.path, 'name'],
    },
  ]
}
