import type { OperationField, SourceField } from '../vocabulary/attributes.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../vocabulary/attributeFields.js'
import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import {
  decodeAttachments,
  decodeTargetRefs,
  type AttachmentField,
  type PolicyTargetReference,
} from './targetRef.js'

/** The values of each field. A field that is absent or empty has no entry. */
export type Source = Readonly<Partial<Record<SourceField, readonly string[]>>>
export type Operation = Readonly<Partial<Record<OperationField, readonly string[]>>>

export interface Condition {
  readonly key: string
  readonly values: readonly string[]
  readonly notValues: readonly string[]
}

/**
 * One rule. `from`, `to` and `when` are undefined if the key is absent. An item of `from` or `to`
 * is undefined if it has no `source` or `operation`.
 */
export interface Rule {
  readonly from: readonly (Source | undefined)[] | undefined
  readonly to: readonly (Operation | undefined)[] | undefined
  readonly when: readonly Condition[] | undefined
}

/** `ALLOW` if the policy has no action, or one that Istio does not know. */
export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'

export interface AuthorizationPolicy extends ResourceBase {
  readonly type: 'AuthorizationPolicy'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
  /** Those of `selector`, `targetRef` and `targetRefs` that the policy has, empty ones included. */
  readonly attachments: readonly AttachmentField[]
  readonly action: Action
  readonly rules: readonly Rule[]
  /** `spec.provider.name` of a CUSTOM policy. */
  readonly provider: string | undefined
}

export function decodeAuthorizationPolicy({ base, reader }: DecodeInput): AuthorizationPolicy {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'AuthorizationPolicy',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
    attachments: decodeAttachments(spec),
    action: actionOf(spec?.string('action')),
    rules: (spec?.objects('rules') ?? []).map(decodeRule),
    provider: spec?.object('provider')?.string('name'),
  })
}

function actionOf(action: string | undefined): Action {
  return action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW'
}

function decodeRule(rule: ObjectReader): Rule {
  return {
    from: rule.objects('from')?.map((entry) => valuesOf(entry.object('source'), SOURCE_FIELDS)),
    to: rule.objects('to')?.map((entry) => valuesOf(entry.object('operation'), OPERATION_FIELDS)),
    when: rule.objects('when')?.map((entry) => ({
      key: entry.string('key') ?? '',
      values: entry.strings('values') ?? [],
      notValues: entry.strings('notValues') ?? [],
    })),
  }
}

function valuesOf<F extends string>(
  reader: ObjectReader | undefined,
  known: readonly AttributeField<F>[],
): Partial<Record<F, readonly string[]>> | undefined {
  if (!reader) return undefined
  const result: Partial<Record<F, readonly string[]>> = {}
  for (const { field } of known) {
    const values = reader.strings(field)
    if (values && values.length > 0) result[field] = values
  }
  return result
}
