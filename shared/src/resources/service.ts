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
  readonly ports: readonly ServicePort[]
}

export function decodeService({ base, reader }: DecodeInput): Service {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'Service',
    serviceType: spec?.string('type') ?? 'ClusterIP',
    headless: spec?.string('clusterIP') === 'None',
    selector: spec?.stringMap('selector'),
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
