import type { FieldPath } from '../yaml/node.js'
import type { ObjectReader } from './objectReader.js'

/** A port of a Service that something outside the mesh calls. */
export interface ServiceReference {
  readonly name: string
  /** Undefined where the reference speaks of its own object's namespace. */
  readonly namespace: string | undefined
  /** Number or name of a Service port; undefined where none is written. */
  readonly port: number | string | undefined
  /** Of the Service's name. */
  readonly path: FieldPath
}

/** A reference with the fields `name`, `namespace` and `port`, as webhooks and APIServices have; its port is 443 where absent. */
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
