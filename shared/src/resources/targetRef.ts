import type { ObjectReader } from './objectReader.js'
import { compact } from '../text/collections.js'
import type { FieldPath } from '../yaml/node.js'

/** An Istio `PolicyTargetReference`. */
export interface PolicyTargetReference {
  /** `''` is the core group; Istio reads `core` the same. */
  readonly group: string
  readonly kind: string
  readonly name: string
  /** Undefined where it is empty too: Istio reads both the same. */
  readonly namespace: string | undefined
  readonly path: FieldPath
}

/** The fields that say what a policy is attached to; at most one may be there. */
const ATTACHMENT_FIELDS = ['selector', 'targetRef', 'targetRefs'] as const
export type AttachmentField = (typeof ATTACHMENT_FIELDS)[number]

/** Which of them a policy has, as the CRD's `has()` sees it: an empty one counts, a null one does not. */
export function decodeAttachments(spec: ObjectReader | undefined): readonly AttachmentField[] {
  return compact(spec ? ATTACHMENT_FIELDS.filter((field) => spec.hasValue(field)) : [])
}

/** `targetRefs`, else the legacy `targetRef` (policyattachment.go GetTargetRefs). Empty where the policy has neither. */
export function decodeTargetRefs(spec: ObjectReader | undefined): readonly PolicyTargetReference[] {
  const refs = (spec?.objects('targetRefs') ?? []).filter((ref) => !ref.missing)
  const legacy = spec?.object('targetRef')
  return compact(
    (refs.length > 0 ? refs : legacy ? [legacy] : []).map((ref) => ({
      group: coreGroup(ref.string('group') ?? ''),
      kind: ref.string('kind') ?? '',
      name: ref.string('name') ?? '',
      namespace: ref.string('namespace') || undefined,
      path: ref.path,
    })),
  )
}

function coreGroup(group: string): string {
  return group === 'core' ? '' : group
}
