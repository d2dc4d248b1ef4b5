import type { FieldPath } from '../yaml/node.js'
import { decodeLabelSelector, type LabelSelector } from './gateway.js'
import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

/** A port that a scraper reads. */
interface MonitoredPort {
  /** Name of a port: of the pods for a PodMonitor, of the Service for a ServiceMonitor. */
  readonly port: string | undefined
  /** Number or name of a container port. */
  readonly targetPort: number | string | undefined
  readonly path: FieldPath
}

/** A PodMonitor or ServiceMonitor of the Prometheus operator: a scraper calls the selected pods by address. */
export type Monitor = MonitorOf<'PodMonitor'> | MonitorOf<'ServiceMonitor'>

interface MonitorOf<T extends 'PodMonitor' | 'ServiceMonitor'> extends ResourceBase {
  readonly type: T
  /** Of the pods, or of the Services. */
  readonly selector: LabelSelector | undefined
  /** Its own namespace where absent. */
  readonly namespaces: readonly string[] | 'own' | 'any'
  readonly ports: readonly MonitoredPort[]
}

export function decodeMonitor<T extends Monitor['type']>(
  type: T,
): (input: DecodeInput) => MonitorOf<T> {
  return ({ base, reader }) => {
    const spec = reader.object('spec')
    const selector = spec?.object('namespaceSelector')
    const endpoints = spec?.objects(type === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints')
    return objectOf(base, {
      type,
      selector: decodeLabelSelector(spec?.object('selector')),
      namespaces:
        selector?.boolean('any') === true ? 'any' : (selector?.strings('matchNames') ?? 'own'),
      ports: (endpoints ?? []).map(decodePort),
    })
  }
}

function decodePort(endpoint: ObjectReader): MonitoredPort {
  return {
    port: endpoint.string('port'),
    targetPort: endpoint.integer('portNumber') ?? endpoint.intOrString('targetPort'),
    path: endpoint.path,
  }
}
