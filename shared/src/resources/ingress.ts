import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import type { ServiceReference } from './serviceReference.js'

/** A Kubernetes Ingress. */
export interface Ingress extends ResourceBase {
  readonly type: 'Ingress'
  /** `spec.ingressClassName`, else the annotation `kubernetes.io/ingress.class`. */
  readonly ingressClassName: string | undefined
  /** The Services that it routes to, all in its own namespace. */
  readonly services: readonly ServiceReference[]
}

export function decodeIngress({ base, reader }: DecodeInput): Ingress {
  const spec = reader.object('spec')
  const paths = (spec?.objects('rules') ?? []).flatMap(
    (rule) => rule.object('http')?.objects('paths') ?? [],
  )
  const backends = [
    spec?.object('defaultBackend') ?? spec?.object('backend'),
    ...paths.map((path) => path.object('backend')),
  ]
  return objectOf(base, {
    type: 'Ingress',
    ingressClassName:
      spec?.string('ingressClassName') ?? base.annotations?.['kubernetes.io/ingress.class'],
    services: backends.flatMap(decodeBackend),
  })
}

/** `service.name` and `service.port` in v1, `serviceName` and `servicePort` before. */
function decodeBackend(backend: ObjectReader | undefined): ServiceReference[] {
  const service = backend?.object('service')
  const name = service?.string('name')
  if (service && name !== undefined) {
    const port = service.object('port')
    return [
      {
        name,
        namespace: undefined,
        port: port?.integer('number') ?? port?.string('name'),
        path: [...service.path, 'name'],
      },
    ]
  }
  const legacy = backend?.string('serviceName')
  return backend && legacy !== undefined
    ? [
        {
          name: legacy,
          namespace: undefined,
          port: backend.intOrString('servicePort'),
          path: [...backend.path, 'serviceName'],
        },
      ]
    : []
}
