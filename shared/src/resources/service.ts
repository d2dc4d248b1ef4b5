import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

export interface ServicePort {
  readonly name: string | undefined
  readonly port: number
  /** The port itself if the Service has no `targetPort`. */
  readonly targetPort: number | string
  readonly protocol: string
  readonly appProtocol: string | undefined
}

export interface Service extends ResourceBase {
  readonly type: 'Service'
  readonly serviceType: string
  /** `clusterIP: None`. */
  readonly headless: boolean
  readonly selector: Labels | undefined
  /** The host that a Service of type ExternalName stands for. */
  readonly externalName: string | undefined
  readonly ports: readonly ServicePort[]
}

/** Whether a Service is only another name for a host: ambient mode has no such Service (`services.go:258-265`). */
export function isExternalName(service: Service | { readonly type: 'ServiceEntry' }): boolean {
  return service.type === 'Service' && service.serviceType === 'ExternalName'
}

export function decodeService({ base, reader }: DecodeInput): Service {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'Service',
    serviceType: spec?.string('type') ?? 'ClusterIP',
    headless: spec?.string('clusterIP') === 'None',
    selector: spec?.stringMap('selector'),
    externalName: spec?.string('externalName'),
    ports: (spec?.objects('ports') ?? []).map((port) => {
      const number = port.integer('port') ?? 0
      return {
        name: port.string('name'),
        port: number,
        targetPort: port.intOrString('targetPort') ?? number,
        protocol: port.string('protocol') ?? 'TCP',
        appProtocol: port.string('appProtocol'),
      }
    }),
  })
}
