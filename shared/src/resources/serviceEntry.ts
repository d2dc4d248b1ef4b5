import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

export interface ServiceEntryPort {
  readonly name: string | undefined
  readonly number: number
  /** Empty if it is absent: the proxy then sniffs it. */
  readonly protocol: string
  readonly targetPort: number
}

interface ServiceEntryEndpoint {
  readonly address: string | undefined
  readonly labels: Labels | undefined
  readonly serviceAccount: string | undefined
}

export interface ServiceEntry extends ResourceBase {
  readonly type: 'ServiceEntry'
  readonly hosts: readonly string[]
  readonly addresses: readonly string[]
  readonly ports: readonly ServiceEntryPort[]
  /** `MESH_EXTERNAL` if absent. */
  readonly location: string
  /** `NONE` if absent. */
  readonly resolution: string
  readonly endpoints: readonly ServiceEntryEndpoint[]
  readonly workloadSelector: Labels | undefined
  readonly exportTo: readonly string[]
}

export function decodeServiceEntry({ base, reader }: DecodeInput): ServiceEntry {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'ServiceEntry',
    hosts: spec?.strings('hosts') ?? [],
    addresses: spec?.strings('addresses') ?? [],
    ports: (spec?.objects('ports') ?? []).map((port) => {
      const number = port.integer('number') ?? 0
      return {
        name: port.string('name'),
        number,
        protocol: port.string('protocol') ?? '',
        targetPort: port.integer('targetPort') ?? number,
      }
    }),
    location: spec?.string('location') ?? 'MESH_EXTERNAL',
    resolution: spec?.string('resolution') ?? 'NONE',
    endpoints: (spec?.objects('endpoints') ?? []).map((endpoint) => ({
      address: endpoint.string('address'),
      labels: endpoint.stringMap('labels'),
      serviceAccount: endpoint.string('serviceAccount'),
    })),
    workloadSelector: spec?.object('workloadSelector')?.stringMap('labels'),
    exportTo: spec?.strings('exportTo') ?? [],
  })
}
