import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** Pods of a host, by labels. */
interface Subset {
  readonly name: string
  readonly labels: Labels | undefined
}

/** A DestinationRule of Istio. */
export interface DestinationRule extends ResourceBase {
  readonly type: 'DestinationRule'
  readonly host: string
  readonly subsets: readonly Subset[]
}

export function decodeDestinationRule({ base, reader }: DecodeInput): DestinationRule {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'DestinationRule',
    host: spec?.string('host') ?? '',
    subsets: (spec?.objects('subsets') ?? []).map((subset) => ({
      name: subset.string('name') ?? '',
      labels: subset.stringMap('labels'),
    })),
  })
}
