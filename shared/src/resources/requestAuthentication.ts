import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import {
  decodeAttachments,
  decodeTargetRefs,
  type AttachmentField,
  type PolicyTargetReference,
} from './targetRef.js'

export interface RequestAuthentication extends ResourceBase {
  readonly type: 'RequestAuthentication'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
  /** Which of `selector`, `targetRef` and `targetRefs` the policy has, empty ones included. */
  readonly attachments: readonly AttachmentField[]
  readonly issuers: readonly string[]
  /** Indexes of the `jwtRules` whose token every request must have (`presence: REQUIRED`). */
  readonly requiredRules: readonly number[]
  /** Indexes of the `jwtRules` with the field `presence`, which earlier releases do not have. */
  readonly rulesWithPresence: readonly number[]
}

export function decodeRequestAuthentication({ base, reader }: DecodeInput): RequestAuthentication {
  const spec = reader.object('spec')
  const rules = spec?.objects('jwtRules') ?? []
  return objectOf(base, {
    type: 'RequestAuthentication',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
    attachments: decodeAttachments(spec),
    issuers: rules.map((rule) => rule.string('issuer') ?? ''),
    rulesWithPresence: rules.flatMap((rule, index) => (rule.hasValue('presence') ? [index] : [])),
    requiredRules: rules.flatMap((rule, index) =>
      rule.string('presence') === 'REQUIRED' ? [index] : [],
    ),
  })
}
