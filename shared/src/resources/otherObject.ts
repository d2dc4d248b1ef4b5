import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

/**
 * An object of a kind that is not read, kept for what it may bring: a HelmRelease, an Argo CD Application or a custom resource can create
 * workloads and Services that no file shows.
 */
export interface OtherObject extends ResourceBase {
  readonly type: 'Other'
  readonly kind: string
  /** The namespace whose objects it may create; undefined where it may be any. */
  readonly fills: string | undefined
}

/** `fills` of a kustomization that gives objects labels which their files do not show: it makes no object. */
export const FILLS_NOTHING = ''

export function changesLabels(other: OtherObject): boolean {
  return other.fills === FILLS_NOTHING
}

export function decodeOtherObject({ base, kind, reader }: DecodeInput): OtherObject {
  const spec = reader.object('spec')
  const destination =
    spec?.has('destination') === true ? spec.object('destination')?.string('namespace') : undefined
  const target = destination ?? spec?.string('targetNamespace')
  const own = base.namespaceSource === 'object' ? base.namespace : undefined
  const deploysElsewhere =
    kind === 'Application' || kind === 'ApplicationSet' || kind === 'Kustomization'
  return objectOf(base, {
    type: 'Other',
    kind,
    fills: target ?? (deploysElsewhere ? undefined : own),
  })
}
