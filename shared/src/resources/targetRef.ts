import type { ObjectReader } from './objectReader.js'
import type { FieldPath } from '../yaml/node.js'

/** An Istio `PolicyTargetReference`. */
export interface PolicyTargetReference {
  /** `''` is the core group; Istio reads `core` the same. */
  readonly group: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
  readonly path: FieldPath
}

/** `targetRefs`, else the legacy `targetRef` (policyattachment.go GetTargetRefs). Empty where the policy has neither. */
export function decodeTargetRefs(spec: ObjectReader | undefined): readonly PolicyTargetReference[] {
  const refs = (spec?.objects('targetRefs') ?? []).filter((ref) => !ref.missing)
  const legacy = spec?.object('targetRef')
  return (refs.length > 0 ? refs : legacy ? [legacy] : []).map((ref) => ({
    group: coreGroup(ref.string('group') ?? ''),
    kind: ref.string('kind') ?? '',
    name: ref.string('name') ?? '',
    namespace: ref.string('namespace'),
    path: ref.path,
  }))
}

function coreGroup(group: string): string {
  return group === 'core' ? '' : group
}
