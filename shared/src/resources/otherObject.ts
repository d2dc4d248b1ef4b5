import { KINDS } from '../vocabulary/kinds.js'
import { deliveriesOf, type Delivery } from './delivery.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

/**
 * An object whose fields are not decoded, but that may create workloads and Services that are in no
 * file: a HelmRelease, an Argo CD Application, a custom resource.
 */
export interface OtherObject extends ResourceBase {
  readonly type: 'Other'
  readonly kind: string
  readonly creates: CreatesObjects
  /** Whether it makes an admission controller set labels that enrol namespaces or pods. */
  readonly enrols?: true
  /** The folders that it applies; undefined for none. */
  readonly deliveries?: readonly Delivery[]
}

/**
 * The namespace in which an object may create others. `nothing`: a kustomization that only changes
 * objects, in ways that are not applied here.
 */
export type CreatesObjects = 'anywhere' | 'nothing' | { readonly namespace: string }

/** Whether the object may add labels to others that are not in their files. */
export function changesLabels(other: OtherObject): boolean {
  return other.creates === 'nothing'
}

export function mayCreateIn({ creates }: OtherObject, namespace: string): boolean {
  return creates === 'anywhere' || (creates !== 'nothing' && creates.namespace === namespace)
}

export function decodeOtherObject({ base, kind, reader }: DecodeInput): OtherObject {
  const spec = reader.object('spec')
  const destination =
    spec?.has('destination') === true ? spec.object('destination')?.string('namespace') : undefined
  const target = destination ?? spec?.string('targetNamespace')
  const deploysElsewhere =
    kind === 'Application' || kind === 'ApplicationSet' || kind === 'Kustomization'
  const own = deploysElsewhere || base.namespaceSource !== 'object' ? undefined : base.namespace
  const namespace = target ?? own
  const deliveries = deliveriesOf(kind, spec)
  return objectOf<OtherObject>(base, {
    type: 'Other',
    kind,
    creates: namespace === undefined ? 'anywhere' : { namespace },
    ...(deliveries.length > 0 ? { deliveries } : {}),
  })
}

/** A WorkloadGroup: istiod adds a WorkloadEntry to its namespace for each machine that joins with it. */
export function decodeWorkloadGroup({ base, kind }: DecodeInput): OtherObject {
  return objectOf<OtherObject>(base, {
    type: 'Other',
    kind,
    creates: { namespace: base.namespace },
  })
}

/** Whether machines outside the cluster can join a namespace with an identity and with labels. */
export function letsMachinesJoin({ kind, namespace }: OtherObject, joined: string): boolean {
  return kind === KINDS.WorkloadGroup.kind && namespace === joined
}
