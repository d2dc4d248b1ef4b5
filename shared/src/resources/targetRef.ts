import type { ObjectReader } from './objectReader.js'
import { compact } from '../text/collections.js'
import type { FieldPath } from '../yaml/node.js'

/** An Istio `PolicyTargetReference`. */
export interface PolicyTargetReference {
  /** `''` is the core group. Istio also accepts `core`. */
  readonly group: string
  readonly kind: string
  readonly name: string
  /** Undefined where it is empty too: Istio reads both the same. */
  readonly namespace: string | undefined
  readonly path: FieldPath
}

/** The fields that decide what a policy applies to. A policy may have at most one of them. */
const ATTACHMENT_FIELDS = ['selector', 'targetRef', 'targetRefs'] as const
export type AttachmentField = (typeof ATTACHMENT_FIELDS)[number]

/**
 * The attachment fields that a policy has, as `has()` in the CRD sees them: an empty one counts, a
 * null one does not.
 */
export function decodeAttachments(spec: ObjectReader | undefined): readonly AttachmentField[] {
  return compact(spec ? ATTACHMENT_FIELDS.filter((field) => spec.hasValue(field)) : [])
}

/**
 * `targetRefs`, else the legacy `targetRef` (policyattachment.go GetTargetRefs). Empty if the
 * policy has neither.
 */
export function decodeTargetRefs(spec: ObjectReader | undefined): readonly PolicyTargetReference[] {
  const refs = (spec?.objects('targetRefs') ?? []).filter((ref) => !ref.isMissing)
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
